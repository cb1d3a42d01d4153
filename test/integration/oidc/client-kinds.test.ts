import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import * as client from 'openid-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { ApiConfig } from '#gateway/platform/config/client-config.ts';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';
import { closeServer, listenLater } from '#test/support/listen-later.ts';
import { APP_ORIGIN, CLIENT_SECRET, confidential, isApp, signInToApp } from '#test/support/oidc/client.ts';
import { clientWith, discoverAs, keyClient, passThrough, someKey, startRequest } from '#test/support/oidc/flows.ts';
import { enrolPerson } from '#test/support/oidc/sign-in.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(options: Partial<Parameters<typeof startHttpGateway>[0]> = {}): Promise<HttpGateway> {
  const gateway = await startHttpGateway({ clients: [confidential()], ...options });
  cleanUp.push(() => gateway.close());
  return gateway;
}

const basic = client.ClientSecretBasic(CLIENT_SECRET);
const ORDERS = 'https://orders.example.test/';
const api = (change: Partial<ApiConfig> = {}): ApiConfig => ({
  id: 'orders',
  name: 'Orders',
  resource: ORDERS,
  audience: ORDERS,
  scopes: ['orders.read', 'orders.write'],
  token: 'jwt',
  acr: null,
  ...change,
});

describe('pushed and signed requests', () => {
  it('takes a pushed request, and refuses any other where the client must push', async () => {
    const gateway = await start({ clients: [clientWith({ requiresPar: true })] });
    const person = await enrolPerson(gateway, 'ann');
    const config = await discoverAs(gateway, basic);
    const { parameters, checks } = await startRequest();

    const pushed = await client.buildAuthorizationUrlWithPAR(config, parameters);
    expect([...pushed.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
    const back = await passThrough(gateway, person, pushed);
    expect((await client.authorizationCodeGrant(config, back, checks)).access_token).toBeTypeOf('string');

    const plain = await person.browser.navigate(client.buildAuthorizationUrl(config, parameters).href, isApp);
    expect(plain.url.searchParams.get('error')).toBe('invalid_request');
  });

  it('takes a signed request, and refuses a plain one where the client must sign', async () => {
    const key = await someKey('ES256', 'k1');
    const gateway = await start({ clients: [keyClient(key, { requiresSignedRequest: true })] });
    const person = await enrolPerson(gateway, 'ann');
    const config = await discoverAs(gateway, client.PrivateKeyJwt({ key: key.privateKey, kid: 'k1' }));
    const { parameters, checks } = await startRequest();

    const signed = await client.buildAuthorizationUrlWithJAR(config, parameters, { key: key.privateKey, kid: 'k1' });
    const back = await passThrough(gateway, person, signed);
    expect((await client.authorizationCodeGrant(config, back, checks)).claims()?.sub).toBe(person.personId);

    const plain = await person.browser.navigate(client.buildAuthorizationUrl(config, parameters).href, isApp);
    expect(plain.url.searchParams.get('error')).toBe('invalid_request');
  });
});

describe('bound tokens', () => {
  it('binds tokens to a DPoP key, and refuses them without it', async () => {
    const gateway = await start({ clients: [clientWith({ boundTokens: 'dpop' })] });
    const person = await enrolPerson(gateway, 'ann');
    const config = await discoverAs(gateway, basic);
    const { parameters, checks } = await startRequest();
    const back = await passThrough(gateway, person, client.buildAuthorizationUrl(config, parameters));
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));

    const tokens = await client.authorizationCodeGrant(config, back, checks, undefined, { DPoP });

    expect(tokens.token_type).toBe('dpop');
    expect(await client.fetchUserInfo(config, tokens.access_token, person.personId, { DPoP })).toMatchObject({ name: 'Person ann' });
    const asBearer = await fetch(`${gateway.publicUrl}/oidc/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect(asBearer.status).toBe(401);
    const stolen = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
    await expect(client.fetchUserInfo(config, tokens.access_token, person.personId, { DPoP: stolen })).rejects.toThrow();
  });

  it('gives no token to a client of bound tokens that sends no proof', async () => {
    const gateway = await start({ clients: [clientWith({ boundTokens: 'dpop' })] });
    const person = await enrolPerson(gateway, 'ann');
    const config = await discoverAs(gateway, basic);
    const { parameters, checks } = await startRequest();
    const back = await passThrough(gateway, person, client.buildAuthorizationUrl(config, parameters));

    await expect(client.authorizationCodeGrant(config, back, checks)).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe('private_key_jwt', () => {
  it('reads the keys of a configured address again when the client rotates them', async () => {
    const [first, second] = [await someKey('ES256', 'k1'), await someKey('ES256', 'k2')];
    let published = first;
    const app = await listenLater();
    cleanUp.push(() => closeServer(app.server));
    app.serve((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys: [published.publicJwk] }));
    });
    const withUri = keyClient(first, { jwks: null, jwksUri: `${app.origin}/jwks`, grants: ['client_credentials'] }, { redirectUris: [] });
    const gateway = await start({ clients: [withUri] });
    const config = await discoverAs(gateway, client.PrivateKeyJwt({ key: first.privateKey, kid: 'k1' }));
    expect((await client.clientCredentialsGrant(config)).access_token).toBeTypeOf('string');

    published = second;
    const rotated = await discoverAs(gateway, client.PrivateKeyJwt({ key: second.privateKey, kid: 'k2' }));
    const early = await client.clientCredentialsGrant(rotated).catch((failure: unknown) => failure);
    // The set is read again at most once a minute: an unknown key does not make the gateway call out at will.
    expect(early).toMatchObject({ error: 'invalid_client' });
  });

  it('refuses an assertion that was used before, and one for another audience', async () => {
    const key = await someKey('EdDSA', 'k1');
    const gateway = await start({ clients: [keyClient(key, { grants: ['client_credentials'] }, { redirectUris: [] })] });
    const issuer = `${gateway.publicUrl}/oidc`;
    const assertionFor = (aud: string) =>
      new SignJWT({ jti: crypto.randomUUID() })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'k1' })
        .setIssuer('wiki-client')
        .setSubject('wiki-client')
        .setAudience(aud)
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(key.privateKey);
    const present = async (assertion: string): Promise<number> =>
      (
        await fetch(`${issuer}/token`, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'client_credentials',
            client_id: 'wiki-client',
            client_assertion: assertion,
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          }),
        })
      ).status;
    const assertion = await assertionFor(issuer);

    expect(await present(assertion)).toBe(200);
    expect(await present(assertion)).toBe(401);
    expect(await present(await assertionFor('https://elsewhere.example.test'))).toBe(401);
  });
});

describe('machines', () => {
  const machine = clientWith(
    { grants: ['client_credentials'], apis: ['orders'], apiScopes: ['orders.read'] },
    { clientId: 'robot', redirectUris: [], postLogoutRedirectUris: [] },
  );

  it('gives a machine a JWT for its API with its scopes, decided and recorded first', async () => {
    const gateway = await start({ clients: [machine], provider: { apis: [api()] } });
    const config = await discoverAs(gateway, basic, 'robot');

    const tokens = await client.clientCredentialsGrant(config, { resource: ORDERS, scope: 'orders.read' });

    const keys = createRemoteJWKSet(new URL(`${gateway.publicUrl}/oidc/jwks`));
    const { payload, protectedHeader } = await jwtVerify(tokens.access_token, keys, { audience: ORDERS, typ: 'at+jwt' });
    expect(payload).toMatchObject({ iss: `${gateway.publicUrl}/oidc`, sub: 'robot', client_id: 'robot', scope: 'orders.read' });
    expect(protectedHeader.alg).toBe('ES256');
    expect(await gateway.records()).toContainEqual(
      expect.objectContaining({ type: 'decision', action: 'machine.token', effect: 'permit', resourceId: 'wiki', personId: null }),
    );
  });

  it('gives no scope that the configuration does not name', async () => {
    const gateway = await start({ clients: [machine], provider: { apis: [api()] } });
    const config = await discoverAs(gateway, basic, 'robot');

    const tokens = await client.clientCredentialsGrant(config, { resource: ORDERS, scope: 'orders.read orders.write' });

    expect(tokens.scope).toBe('orders.read');
  });

  it('refuses an API that is not the client’s, and one that nobody knows', async () => {
    const gateway = await start({ clients: [machine], provider: { apis: [api({ id: 'other' })] } });
    const config = await discoverAs(gateway, basic, 'robot');

    for (const resource of [ORDERS, 'https://nowhere.example.test/'])
      await expect(client.clientCredentialsGrant(config, { resource })).rejects.toMatchObject({ error: 'invalid_target' });
  });

  it('gives nothing when the log cannot be written', async () => {
    const gateway = await start({ clients: [machine], provider: { apis: [api()] } });
    const config = await discoverAs(gateway, basic, 'robot');
    gateway.audit.breakDown();

    await expect(client.clientCredentialsGrant(config, { resource: ORDERS })).rejects.toThrow();
  });

  it('does not know a client that is switched off', async () => {
    const off = { ...machine, options: { ...machine.options, isEnabled: false } };
    const gateway = await start({ clients: [off], provider: { apis: [api()] } });
    const config = await discoverAs(gateway, basic, 'robot');

    await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject({ status: 401 });
  });
});

describe('APIs', () => {
  it('gives an app a JWT for the person at the API that it named', async () => {
    const gateway = await start({ clients: [clientWith({ apis: ['orders'] })], provider: { apis: [api()] } });
    const person = await enrolPerson(gateway, 'ann');
    const config = await discoverAs(gateway, basic);

    const { tokens } = await signInToApp(gateway, person, config, { resource: ORDERS, scope: 'openid orders.read orders.delete' });

    const claims = decodeJwt(tokens.access_token);
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ typ: 'at+jwt', alg: 'ES256' });
    expect(claims).toMatchObject({ aud: ORDERS, sub: person.personId, scope: 'orders.read', acr: 'urn:gatehouse:acr:passkey' });
    expect(claims['auth_time']).toBeTypeOf('number');
  });

  it('answers about an opaque token of an API with audience, acr and time of the sign-in', async () => {
    const gateway = await start({ clients: [clientWith({ apis: ['orders'] })], provider: { apis: [api({ token: 'opaque' })] } });
    const person = await enrolPerson(gateway, 'ann');
    const config = await discoverAs(gateway, basic);
    const { tokens } = await signInToApp(gateway, person, config, { resource: ORDERS, scope: 'openid orders.read' });

    expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject({
      active: true,
      aud: ORDERS,
      scope: 'orders.read',
      acr: 'urn:gatehouse:acr:passkey',
      auth_time: expect.any(Number) as unknown,
    });
    await client.tokenRevocation(config, tokens.access_token);
    expect(await client.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
  });
});

describe('pairwise subjects', () => {
  it('shows two sectors two subjects of one person, and each the same one again', async () => {
    const other = clientWith({ isPairwise: true }, { clientId: 'other', redirectUris: ['http://127.0.0.1:9/callback'] });
    const gateway = await start({ clients: [clientWith({ isPairwise: true }), other] });
    const person = await enrolPerson(gateway, 'ann');
    const config = await discoverAs(gateway, basic);
    const first = (await signInToApp(gateway, person, config)).tokens;

    const { parameters, checks } = await startRequest();
    const again = await passThrough(gateway, person, client.buildAuthorizationUrl(config, parameters));
    const second = await client.authorizationCodeGrant(config, again, checks);
    const otherConfig = await discoverAs(gateway, basic, 'other');
    const elsewhere = await startRequest({ redirect_uri: 'http://127.0.0.1:9/callback' });
    const back = await person.browser.navigate(
      client.buildAuthorizationUrl(otherConfig, elsewhere.parameters).href,
      (url) => url.origin === 'http://127.0.0.1:9',
    );
    const third = await client.authorizationCodeGrant(otherConfig, back.url, elsewhere.checks);

    expect(first.claims()?.sub).not.toBe(person.personId);
    expect(second.claims()?.sub).toBe(first.claims()?.sub);
    expect(third.claims()?.sub).not.toBe(first.claims()?.sub);
    expect(await client.fetchUserInfo(config, second.access_token, second.claims()?.sub ?? '')).toMatchObject({ name: 'Person ann' });
  });
});

it('takes a secret in the body of the request', async () => {
  const gateway = await start({ clients: [clientWith({ authMethod: 'client_secret_post' })] });
  const person = await enrolPerson(gateway, 'ann');
  const config = await discoverAs(gateway, client.ClientSecretPost(CLIENT_SECRET));

  expect((await signInToApp(gateway, person, config)).tokens.claims()?.sub).toBe(person.personId);
  const wrong = await discoverAs(gateway, client.ClientSecretPost('wrong'));
  await expect(client.clientCredentialsGrant(wrong)).rejects.toMatchObject({ error: 'invalid_client' });
});

it('refuses a request without PKCE of a client with the exception, unless it sends a nonce', async () => {
  const gateway = await start({ clients: [clientWith({ mayOmitPkce: true })] });
  const person = await enrolPerson(gateway, 'ann');
  const config = await discoverAs(gateway, basic);
  const plain = { redirect_uri: `${APP_ORIGIN}/callback`, scope: 'openid', state: 'x' };

  const without = await person.browser.navigate(client.buildAuthorizationUrl(config, plain).href, isApp);
  expect(without.url.searchParams.get('error')).toBe('invalid_request');

  const back = await passThrough(gateway, person, client.buildAuthorizationUrl(config, { ...plain, nonce: 'n-1' }));
  const tokens = await client.authorizationCodeGrant(config, back, { expectedState: 'x', expectedNonce: 'n-1' });
  expect(tokens.claims()?.sub).toBe(person.personId);
});

it('calls no address that is not allowed, and tells the operator whose it was and what for', async () => {
  const key = await someKey('ES256', 'k1');
  const gateway = await start();
  // A registration of an earlier time whose keys are somewhere else since: nobody has allowed that address.
  await gateway.oidcStore.upsert({
    model: 'Client',
    id: 'stale',
    payloadJson: JSON.stringify({
      client_id: 'stale',
      redirect_uris: [`${APP_ORIGIN}/callback`],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: 'http://169.254.169.254/jwks',
    }),
    personId: null,
    clientId: null,
    grantId: null,
    uid: null,
    userCode: null,
    expiresAtMs: null,
    consumedAtMs: null,
  });
  const config = await discoverAs(gateway, client.PrivateKeyJwt({ key: key.privateKey, kid: 'k1' }), 'stale');

  await expect(client.refreshTokenGrant(config, 'x')).rejects.toThrow();

  const line = gateway.logLines.find((text) => text.includes('oidc.outgoing_refused'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ clientId: 'stale', field: 'jwks_uri', origin: 'http://169.254.169.254' });
});
