import { createLocalJWKSet, jwtVerify, SignJWT, UnsecuredJWT, type JSONWebKeySet } from 'jose';
import { afterEach, expect, it, vi } from 'vitest';
import type { AppId, PersonId } from '#gateway/domain/site/ids.ts';
import { closeServer, listenLater } from '#test/support/listen-later.ts';
import { someKey, type KeyPair } from '#test/support/oidc/flows.ts';
import { authorize, endpoint, requestOf, startOp, verifyIdToken, type Op, type Parameters } from '#test/support/oidc/op.ts';

/* The 23 modules of the plan "Dynamic OP" of the OpenID Foundation's suite, under their names: clients that register themselves. */

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  for (const step of cleanUp.splice(0).reverse()) await step();
});

interface Party {
  readonly op: Op;
  /** Where the client lives: its keys, its sector document. */
  readonly origin: string;
  /** What the client publishes, by path. */
  readonly documents: Map<string, unknown>;
}

async function start(): Promise<Party> {
  const documents = new Map<string, unknown>();
  const app = await listenLater();
  app.serve((request, response) => {
    const document = documents.get(request.url ?? '');
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(document ?? {}));
  });
  const op = await startOp();
  cleanUp.push(async () => {
    await op.gateway.close();
    await closeServer(app.server);
  });
  return { op, origin: app.origin, documents };
}

/** Sector documents are on https only. Nothing here ends TLS, so the network is told where this name is. */
const SECTOR = 'https://sector.example.test';

async function register(party: Party, metadata: Record<string, unknown> = {}): Promise<{ status: number; body: Record<string, unknown> }> {
  const { op, origin } = party;
  const { token } = await op.gateway.provider.offerRegistration({
    appId: 'wiki' as AppId,
    origins: [origin, SECTOR],
    ttlS: 600,
    operatorId: 'local' as PersonId,
  });
  const response = await fetch(endpoint(op, 'registration'), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: [`${origin}/callback`], grant_types: ['authorization_code', 'refresh_token'], ...metadata }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Registers with a key of its own. */
async function registerWithKey(party: Party, metadata: Record<string, unknown> = {}): Promise<{ clientId: string; key: KeyPair }> {
  const key = await someKey('RS256', 'k1');
  const auth = { token_endpoint_auth_method: 'private_key_jwt' };
  const keys = 'jwks_uri' in metadata ? {} : { jwks: { keys: [key.publicJwk] } };
  if ('jwks_uri' in metadata) party.documents.set('/jwks', { keys: [key.publicJwk] });
  const { body, status } = await register(party, { ...auth, ...keys, ...metadata });
  expect(body).toMatchObject({ client_id: expect.any(String) as unknown });
  expect(status).toBe(201);
  return { clientId: String(body['client_id']), key };
}

async function assertionOf(op: Op, clientId: string, { privateKey, publicJwk }: KeyPair, aud = endpoint(op, 'token')): Promise<string> {
  return new SignJWT({ jti: crypto.randomUUID() })
    .setProtectedHeader({ alg: 'RS256', kid: String(publicJwk['kid']) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(aud)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(privateKey);
}

async function callToken(op: Op, assertion: string, fields: Record<string, string>) {
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  const body = new URLSearchParams({ client_assertion: assertion, client_assertion_type: type, ...fields });
  const response = await fetch(endpoint(op, 'token'), { method: 'POST', body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const PKCE = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';

function requestFor({ op, origin }: Party, clientId: string, more: Parameters = {}): URLSearchParams {
  return requestOf(op, { client_id: clientId, redirect_uri: `${origin}/callback`, ...PKCE, ...more });
}

async function signIn(party: Party, clientId: string, key: KeyPair, more: Parameters = {}) {
  const parameters = requestFor(party, clientId, more);
  const { page, response } = await authorize(party.op, parameters);
  if (response?.get('code') == null) throw new Error(`no code: ${response?.toString() ?? ''} ${page?.text ?? ''}`);
  const { body } = await callToken(party.op, await assertionOf(party.op, clientId, key), {
    grant_type: 'authorization_code',
    code: response.get('code') ?? '',
    redirect_uri: parameters.get('redirect_uri') ?? '',
    code_verifier: VERIFIER,
  });
  const as = { ...party.op, client: { ...party.op.client, clientId } };
  const verified = await verifyIdToken(as, String(body['id_token']), parameters.get('nonce'));
  return { ...verified, body };
}

it('oidcc-idtoken-rs256', async () => {
  const party = await start();
  const { clientId, key } = await registerWithKey(party, { id_token_signed_response_alg: 'RS256' });
  expect((await signIn(party, clientId, key)).alg).toBe('RS256');
});

it('oidcc-idtoken-unsigned', async () => {
  const { body, status } = await register(await start(), { id_token_signed_response_alg: 'none' });
  expect([status, body['error']]).toEqual([400, 'invalid_client_metadata']);
});

it('oidcc-userinfo-rs256', async () => {
  const party = await start();
  const { clientId, key } = await registerWithKey(party, { userinfo_signed_response_alg: 'RS256' });
  const { body, claims } = await signIn(party, clientId, key);
  const headers = { authorization: `Bearer ${String(body['access_token'])}` };
  const response = await fetch(endpoint(party.op, 'userinfo'), { headers });
  const keys = (await (await fetch(String(party.op.metadata['jwks_uri']))).json()) as JSONWebKeySet;
  const { payload, protectedHeader } = await jwtVerify(await response.text(), createLocalJWKSet(keys), {
    issuer: party.op.issuer,
    audience: clientId,
  });
  expect([protectedHeader.alg, payload.sub]).toEqual(['RS256', claims.sub]);
});

it('oidcc-ensure-redirect-uri-in-authorization-request', async () => {
  const party = await start();
  const two = [`${party.origin}/callback`, `${party.origin}/other`];
  const { clientId } = await registerWithKey(party, { redirect_uris: two });
  const { page, response } = await authorize(party.op, requestFor(party, clientId, { redirect_uri: null }));
  expect([response, page?.status]).toEqual([null, 400]);
});

it('oidcc-redirect-uri-query-OK', async () => {
  const party = await start();
  const withQuery = `${party.origin}/callback?foo=bar`;
  const { clientId, key } = await registerWithKey(party, { redirect_uris: [withQuery] });
  expect((await signIn(party, clientId, key, { redirect_uri: withQuery })).body['access_token']).toBeTypeOf('string');
});

it.each([
  ['oidcc-redirect-uri-query-mismatch', '?foo=bar', '?foo=baz'],
  ['oidcc-redirect-uri-query-added', '', '?foo=bar'],
])('%s', async (_name, registered, used) => {
  const party = await start();
  const { clientId } = await registerWithKey(party, { redirect_uris: [`${party.origin}/callback${registered}`] });
  const { page, response } = await authorize(party.op, requestFor(party, clientId, { redirect_uri: `${party.origin}/callback${used}` }));
  expect(response).toBeNull();
  expect(page?.text).toContain('invalid_redirect_uri');
});

it('oidcc-redirect-uri-regfrag', async () => {
  const party = await start();
  const { body, status } = await register(party, { redirect_uris: [`${party.origin}/callback#fragment`] });
  expect([status, body['error']]).toEqual([400, 'invalid_redirect_uri']);
});

it('oidcc-discovery-endpoint-verification', async () => {
  const { op } = await start();
  expect(op.metadata['registration_endpoint']).toBe(`${op.issuer}/reg`);
});

it('oidcc-server', async () => {
  const party = await start();
  const { clientId, key } = await registerWithKey(party);
  expect((await signIn(party, clientId, key)).claims.sub).toBe(party.op.person.personId);
  // The registered client is one more client of its app: the decision is about the app.
  expect(party.op.gateway.decisions).toHaveLength(1);
});

it.each([
  ['oidcc-registration-logo-uri', 'logo_uri'],
  ['oidcc-registration-policy-uri', 'policy_uri'],
  ['oidcc-registration-tos-uri', 'tos_uri'],
])('%s', async (_name, field) => {
  const party = await start();
  // Kept and sent back; the sign-in page loads nothing from elsewhere and links nowhere, so that no client can dress it up.
  const uri = `${party.origin}/page`;
  const { body, status } = await register(party, { [field]: uri });
  expect([status, body[field]]).toEqual([201, uri]);
});

it('oidcc-registration-jwks-uri', async () => {
  const party = await start();
  const { clientId, key } = await registerWithKey(party, { jwks_uri: `${party.origin}/jwks` });
  expect((await signIn(party, clientId, key)).claims.sub).toBe(party.op.person.personId);
});

it.each([
  ['oidcc-registration-sector-uri', '/callback', 201],
  ['oidcc-registration-sector-bad', '/another', 400],
])('%s', async (_name, listed, expected) => {
  const party = await start();
  party.documents.set('/sector', [`${party.origin}${listed}`]);
  const network = globalThis.fetch;
  vi.stubGlobal('fetch', (url: string | URL, init?: RequestInit) => network(String(url).replace(SECTOR, party.origin), init));
  const { status } = await register(party, { subject_type: 'pairwise', sector_identifier_uri: `${SECTOR}/sector` });
  expect(status).toBe(expected);
});

it('oidcc-server-rotate-keys', async () => {
  const party = await start();
  const read = async () =>
    ((await (await fetch(String(party.op.metadata['jwks_uri']))).json()) as JSONWebKeySet).keys.map(({ kid }) => kid);
  const before = await read();
  const { kids } = await party.op.gateway.provider.rotateKeys();
  expect(await read()).toEqual([...before, ...kids]);
});

it('oidcc-refresh-token-rp-key-rotation', async () => {
  const party = await start();
  const { clientId, key } = await registerWithKey(party, { jwks_uri: `${party.origin}/jwks` });
  const { body } = await signIn(party, clientId, key);
  const next = await someKey('RS256', 'k2');
  party.documents.set('/jwks', { keys: [next.publicJwk] });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });

  const fields = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) };
  expect((await callToken(party.op, await assertionOf(party.op, clientId, next), fields)).status).toBe(200);
});

it.each(['oidcc-request-uri-unsigned', 'oidcc-request-uri-signed-rs256'])('%s', async () => {
  const party = await start();
  const { clientId } = await registerWithKey(party);
  // Requests by reference are pushed (RFC 9126): the gateway fetches no address that a browser brings.
  const { response } = await authorize(party.op, requestFor(party, clientId, { request_uri: `${party.origin}/request.jwt` }));
  expect(response?.get('error')).toBe('request_uri_not_supported');
  expect(party.op.metadata['request_uri_parameter_supported']).toBe(false);
});

it('oidcc-ensure-request-object-with-redirect-uri', async () => {
  const party = await start();
  const { clientId, key } = await registerWithKey(party);
  const outside = requestFor(party, clientId, { redirect_uri: `${party.origin}/unregistered` });
  const request = await new SignJWT({ ...Object.fromEntries(outside), redirect_uri: `${party.origin}/callback` })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .setIssuer(clientId)
    .setAudience(party.op.issuer)
    .sign(key.privateKey);
  outside.set('request', request);
  expect((await authorize(party.op, outside)).response?.get('code')).toBeTypeOf('string');
});

it('oidcc-refresh-token', async () => {
  const party = await start();
  const { clientId, key } = await registerWithKey(party);
  const { body, claims } = await signIn(party, clientId, key);
  const fields = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) };
  const other = await registerWithKey(party);
  expect((await callToken(party.op, await assertionOf(party.op, other.clientId, other.key), fields)).body['error']).toBe('invalid_grant');
  const refreshed = await callToken(party.op, await assertionOf(party.op, clientId, key), fields);
  expect(refreshed.status).toBe(200);
  expect(claims.sub).toBe(party.op.person.personId);
});

it('oidcc-ensure-client-assertion-with-iss-aud-succeeds', async () => {
  const party = await start();
  const { clientId, key } = await registerWithKey(party);
  const { body } = await signIn(party, clientId, key);
  const fields = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) };
  expect((await callToken(party.op, await assertionOf(party.op, clientId, key, party.op.issuer), fields)).status).toBe(200);
});

it('takes no unsigned assertion', async () => {
  const party = await start();
  const { clientId } = await registerWithKey(party);
  const unsigned = new UnsecuredJWT({ jti: 'x' }).setIssuer(clientId).setSubject(clientId).setAudience(party.op.issuer).encode();
  expect((await callToken(party.op, unsigned, { grant_type: 'refresh_token', refresh_token: 'x' })).status).toBe(401);
});
