import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import * as client from 'openid-client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CLIENT_NAME_CHARS_MAX } from '#gateway/oidc/clients/registration.ts';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';
import { APP_ORIGIN, CLIENT_SECRET, confidential, discover, isApp, signInToApp } from '#test/support/oidc/client.ts';
import { clientWith, discoverAs, passThrough, startRequest } from '#test/support/oidc/flows.ts';
import { enrolPerson, signInToConsole, type Enrolled } from '#test/support/oidc/sign-in.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(options: Partial<Parameters<typeof startHttpGateway>[0]> = {}) {
  const gateway = await startHttpGateway({ clients: [confidential()], ...options });
  cleanUp.push(() => gateway.close());
  const person = await enrolPerson(gateway, 'ann', { roles: ['security_admin'] });
  return { gateway, person, config: await discover(gateway) };
}

const keysOf = async (gateway: HttpGateway): Promise<JSONWebKeySet> =>
  (await (await fetch(`${gateway.publicUrl}/oidc/jwks`)).json()) as JSONWebKeySet;

async function post(gateway: HttpGateway, person: Enrolled, path: string, body: unknown) {
  return person.browser.call<Record<string, unknown>>(`${gateway.publicUrl}/api/oidc${path}`, body);
}

describe('new signing keys', () => {
  it('lose no client: known before they sign, and the old ones as long as their tokens live', async () => {
    const { config, gateway, person } = await start();
    const before = (await signInToApp(gateway, person, config)).tokens;
    await signInToConsole(gateway, person);

    const { body, status } = await post(gateway, person, '/keys/rotate', { reason: 'yearly change' });
    expect(status).toBe(200);
    const cached = createLocalJWKSet(await keysOf(gateway));

    // Published, and not signing yet.
    const meanwhile = await client.refreshTokenGrant(config, before.refresh_token ?? '');
    const oldKid = decodeProtectedHeader(before.id_token ?? '').kid;
    expect(decodeProtectedHeader(meanwhile.id_token ?? '').kid).toBe(oldKid);

    vi.useFakeTimers({ toFake: ['Date'], now: Number(body['signsFromMs']) });
    const again = await startRequest();
    const back = await passThrough(gateway, person, client.buildAuthorizationUrl(config, again.parameters));
    // A client that read the key set at the rotation, and not since, knows the new key.
    const tokens = await client.genericGrantRequest(config, 'authorization_code', {
      code: back.searchParams.get('code') ?? '',
      redirect_uri: `${APP_ORIGIN}/callback`,
      code_verifier: again.checks.pkceCodeVerifier,
    });
    expect(decodeProtectedHeader(tokens.id_token ?? '').kid).not.toBe(oldKid);
    expect((await jwtVerify(tokens.id_token ?? '', cached, { issuer: `${gateway.publicUrl}/oidc` })).payload.sub).toBe(person.personId);
    expect((await keysOf(gateway)).keys.map(({ kid }) => kid)).toContain(oldKid);
  });

  it('are made by nobody whom the policy does not permit, and the attempt is a decision', async () => {
    const { gateway, person } = await start({
      judgeOperator: ({ action }) => (action === 'oidc.manage' ? 'operator.not_authorized' : 'permit'),
    });
    await signInToConsole(gateway, person);
    const before = await keysOf(gateway);

    expect((await post(gateway, person, '/keys/rotate', { reason: 'curiosity' })).status).toBe(403);

    expect(await keysOf(gateway)).toEqual(before);
    expect(gateway.decisions.at(-1)).toMatchObject({ action: 'oidc.manage', decision: { effect: 'deny' } });
  });

  it('are recorded before they exist, and do not come where that fails', async () => {
    const { gateway, person } = await start();
    await signInToConsole(gateway, person);
    await post(gateway, person, '/keys/rotate', { reason: 'yearly change' });
    expect(await gateway.records()).toContainEqual(expect.objectContaining({ type: 'directory_change', subjectType: 'signing_key' }));
  });

  it('refuse a second rotation while the first does not sign, saying when it does', async () => {
    const { gateway, person } = await start();
    await signInToConsole(gateway, person);
    await post(gateway, person, '/keys/rotate', { reason: 'yearly change' });

    const second = await post(gateway, person, '/keys/rotate', { reason: 'in a hurry' });

    expect(second.status).toBe(409);
    expect(JSON.stringify(second.body)).toContain('They sign from');
  });
});

describe('an initial access token', () => {
  const ask = { appId: 'wiki', origins: [APP_ORIGIN], reason: 'staging server' };

  async function register(gateway: HttpGateway, token: string, metadata: Record<string, unknown> = {}) {
    const response = await fetch(`${gateway.publicUrl}/oidc/reg`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ client_name: 'Staging', redirect_uris: [`${APP_ORIGIN}/callback`], ...metadata }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async function offer(change: Record<string, unknown> = {}) {
    const started = await start();
    await signInToConsole(started.gateway, started.person);
    const { body, status } = await post(started.gateway, started.person, '/registration-tokens', { ...ask, ...change });
    return { ...started, status, token: String(body['token']) };
  }

  it('registers one client of its app, which the policy decides about as about the app', async () => {
    const { gateway, person, token } = await offer();
    const { body, status } = await register(gateway, token);
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('registration_access_token');

    const config = await discoverAs(gateway, client.ClientSecretBasic(String(body['client_secret'])), String(body['client_id']));
    const { checks, parameters } = await startRequest();
    const back = await passThrough(gateway, person, client.buildAuthorizationUrl(config, parameters));
    const tokens = await client.authorizationCodeGrant(config, back, checks);

    expect(tokens.claims()?.sub).toBe(person.personId);
    const started = (await gateway.records()).filter((record) => record.type === 'session' && record.kind === 'app');
    expect(started).toMatchObject([{ appId: 'wiki' }]);
    expect((await gateway.liveSessions.ofPerson(person.personId)).map(({ appId }) => appId)).toContain('wiki');
    await gateway.liveSessions.endAppOf(person.personId, 'wiki' as never, 'test');
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('opens nothing to a person who has no grant for the app', async () => {
    const gateway = await startHttpGateway({
      clients: [confidential()],
      judgeApp: ({ appId }) => (appId === 'wiki' ? 'grant.missing' : 'permit'),
    });
    cleanUp.push(() => gateway.close());
    const person = await enrolPerson(gateway, 'ann', { roles: ['security_admin'] });
    await signInToConsole(gateway, person);
    const { body: made } = await post(gateway, person, '/registration-tokens', ask);
    const { body } = await register(gateway, String(made['token']));
    const config = await discoverAs(gateway, client.ClientSecretBasic(String(body['client_secret'])), String(body['client_id']));

    const { parameters } = await startRequest({ prompt: 'none' });
    const denied = await person.browser.navigate(client.buildAuthorizationUrl(config, parameters).href, isApp);
    expect(denied.url.searchParams.get('error')).toBe('login_required');
    await expect(
      passThrough(gateway, person, client.buildAuthorizationUrl(config, (await startRequest()).parameters)),
    ).resolves.toMatchObject({
      origin: gateway.publicUrl,
    });
  });

  it('works once, and what was not valid can be sent again', async () => {
    const { gateway, token } = await offer();

    expect((await register(gateway, token, { response_types: ['token'] })).status).toBe(400);
    expect((await register(gateway, token)).status).toBe(201);
    expect((await register(gateway, token)).status).toBe(401);
    expect((await register(gateway, 'a-guess')).status).toBe(401);
  });

  it('lets exactly one of many registrations at once through', async () => {
    const { gateway, token } = await offer();

    const statuses = (await Promise.all(Array.from({ length: 10 }, () => register(gateway, token)))).map(({ status }) => status);

    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  });

  it.each([
    ['an address elsewhere', { redirect_uris: ['https://elsewhere.example.test/callback'] }],
    ['keys elsewhere', { jwks_uri: 'http://169.254.169.254/latest' }],
    ['a grant for machines', { grant_types: ['client_credentials'], response_types: [] }],
    ['plain http', { redirect_uris: ['http://elsewhere.example.test/callback'] }],
    ['an address that can be read in two ways', { redirect_uris: [`${APP_ORIGIN}\\@elsewhere.example.test/`] }],
    ['an address with a line end', { redirect_uris: [`${APP_ORIGIN}/callback\n`] }],
    ['grants that are no list', { grant_types: 'authorization_code' }],
    ['a name that is longer than a line', { client_name: 'x'.repeat(CLIENT_NAME_CHARS_MAX + 1) }],
    ['a name that turns the text around', { client_name: 'Wiki \u202Eegap ni-ngis' }],
  ])('does not register %s', async (_what, metadata) => {
    const { gateway, token } = await offer();
    expect((await register(gateway, token, metadata)).status).toBe(400);
  });

  it('takes a name of the longest length', async () => {
    const { gateway, token } = await offer();
    expect((await register(gateway, token, { client_name: 'x'.repeat(CLIENT_NAME_CHARS_MAX) })).status).toBe(201);
  });

  it('does not let the client choose its app', async () => {
    const { gateway, token } = await offer();
    const { body } = await register(gateway, token, { gatehouse_app: 'payroll' });
    expect(body['gatehouse_app']).toBe('wiki');
  });

  it('expires, and is not stored as it is', async () => {
    const { gateway, token } = await offer({ ttlS: 60 });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    expect((await register(gateway, token)).status).toBe(401);
  });

  it.each([
    ['an app that does not exist', { appId: 'nowhere' }, 404],
    ['an origin that is none', { origins: ['https://a.example.test/path'] }, 400],
  ])('is not made for %s', async (_what, change, expected) => {
    expect((await offer(change)).status).toBe(expected);
  });
});

describe('answering over the back channel, at the page', () => {
  const kiosk = () => clientWith({ grants: ['ciba'] }, { clientId: 'kiosk', redirectUris: [] });

  interface Begun {
    readonly ceremonyId: string;
    readonly options: Parameters<Enrolled['authenticator']['get']>[0];
  }

  async function byPasskey(
    gateway: HttpGateway,
    { authenticator, browser }: Enrolled,
    paths: { options: string; to: string },
    question = {},
  ) {
    const api = `${gateway.publicUrl}/api/approvals`;
    const { body } = await browser.call<Begun>(`${api}${paths.options}`, question);
    const answer = { ceremonyId: body.ceremonyId, response: authenticator.get(body.options) };
    return browser.call<Record<string, unknown>>(`${api}${paths.to}`, answer);
  }

  it('shows the page, lists by passkey and approves by another', async () => {
    const { gateway, person } = await start({ clients: [kiosk()] });
    const config = await discoverAs(gateway, client.ClientSecretBasic(CLIENT_SECRET), 'kiosk');
    const asked = await client.initiateBackchannelAuthentication(config, {
      scope: 'openid',
      login_hint: 'ann@example.test',
      binding_message: 'Order 4711',
    });
    const page = await fetch(`${gateway.publicUrl}/oidc/approve`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Requests to you')]);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");

    const listed = await byPasskey(gateway, person, { options: '/options', to: '' });
    const [request] = listed.body['requests'] as { id: string; bindingMessage: string }[];
    expect(request?.bindingMessage).toBe('Order 4711');
    const id = encodeURIComponent(request?.id ?? '');
    // What was signed to refuse does not approve.
    const crossed = await byPasskey(gateway, person, { options: `/${id}/options`, to: `/${id}/approve` }, { answer: 'refuse' });
    expect(crossed.status).toBe(401);
    const approved = await byPasskey(gateway, person, { options: `/${id}/options`, to: `/${id}/approve` }, { answer: 'approve' });

    expect(approved.body).toEqual({ outcome: 'approved', decisionId: null, reasons: [] });
    const tokens = await client.pollBackchannelAuthenticationGrant(config, { ...asked, interval: 0.01 });
    expect(tokens.claims()?.sub).toBe(person.personId);
  });
});
