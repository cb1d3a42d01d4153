import { randomBytes } from 'node:crypto';
import * as client from 'openid-client';
import { afterEach, expect, it } from 'vitest';
import { someClient, startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';
import { closeServer, listenLater } from '#test/support/listen-later.ts';
import { APP_ORIGIN, authorizationRequest, CLIENT_SECRET, confidential, discover, isApp, signInToApp } from '#test/support/oidc/client.ts';
import { enrolPerson } from '#test/support/oidc/sign-in.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(options: Partial<Parameters<typeof startHttpGateway>[0]> = {}): Promise<HttpGateway> {
  const gateway = await startHttpGateway({ clients: [confidential()], ...options });
  cleanUp.push(() => gateway.close());
  return gateway;
}

it('ends the grant when a refresh is denied, naming reason and decision', async () => {
  let permitted = true;
  const gateway = await start({ judgeApp: () => (permitted ? 'permit' : 'presence.stale') });
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { tokens } = await signInToApp(gateway, person, config);
  permitted = false;

  const denied = await client.refreshTokenGrant(config, tokens.refresh_token ?? '').catch((error: unknown) => error);
  expect(denied).toMatchObject({ error: 'invalid_grant' });
  expect((denied as client.ResponseBodyError).error_description).toBe(
    `access denied: presence.stale (${gateway.decisions.at(-1)?.decision.id ?? ''})`,
  );

  permitted = true;
  await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  await expect(client.fetchUserInfo(config, tokens.access_token, person.personId)).rejects.toThrow();
  const ended = (await gateway.records()).filter((record) => record.type === 'session' && record.event === 'ended');
  expect(ended).toMatchObject([{ kind: 'app', appId: 'wiki', cause: 'refresh_denied:presence.stale' }]);
});

it('gives nothing while decisions cannot be recorded, and the app needs no new sign-in afterwards', async () => {
  let reason: 'permit' | 'audit.unavailable' = 'permit';
  const gateway = await start({ judgeApp: () => reason });
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { tokens } = await signInToApp(gateway, person, config);
  reason = 'audit.unavailable';
  const use = () => client.refreshTokenGrant(config, tokens.refresh_token ?? '');
  // What is no answer of RFC 6749 5.2 is a failure of the server to the client, which keeps what it has.
  await expect(use()).rejects.toMatchObject({ code: 'OAUTH_RESPONSE_IS_NOT_CONFORM', cause: { status: 503 } });
  expect((await client.tokenIntrospection(config, tokens.access_token)).active).toBe(false);
  reason = 'permit';
  expect((await use()).refresh_token).not.toBe(tokens.refresh_token);
});

it('answers introspection with inactive when the policy no longer permits', async () => {
  let permitted = true;
  const gateway = await start({ judgeApp: () => (permitted ? 'permit' : 'grant.expired') });
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { tokens } = await signInToApp(gateway, person, config);

  expect((await client.tokenIntrospection(config, tokens.access_token)).active).toBe(true);
  permitted = false;
  expect((await client.tokenIntrospection(config, tokens.access_token)).active).toBe(false);
});

it('answers introspection by the permit of a moment ago, until anything about the person changes', async () => {
  const gateway = await start({ permitTtlS: 300 });
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { tokens } = await signInToApp(gateway, person, config);
  const introspect = async () => {
    const { length } = gateway.decisions;
    const { active } = await client.tokenIntrospection(config, tokens.access_token);
    return { active, decided: gateway.decisions.length - length };
  };

  // The sign-in itself is news about her, for two seconds.
  await expect.poll(introspect, { timeout: 10_000 }).toEqual({ active: true, decided: 0 });
  await gateway.audit.append({
    type: 'standing',
    occurredAtMs: Date.now(),
    personId: person.personId,
    from: 'active',
    to: 'active',
    operators: ['local'],
    reason: 'looked at',
    epoch: 1,
    decisionId: null,
  });
  expect(await introspect()).toEqual({ active: true, decided: 1 });
  await expect.poll(introspect, { timeout: 10_000 }).toEqual({ active: true, decided: 0 });
  await gateway.people.changeStanding({ personId: person.personId, to: 'suspended', nowMs: Date.now() });
  expect(await introspect()).toMatchObject({ active: false });
});

it('ends everything when the same refresh token is used twice', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { tokens } = await signInToApp(gateway, person, config);
  const second = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');

  await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  await expect(client.refreshTokenGrant(config, second.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  expect(await gateway.records()).toContainEqual(expect.objectContaining({ type: 'session', event: 'ended', cause: 'token_reused' }));
});

it('keeps no usable token in the store', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const { tokens } = await signInToApp(gateway, person, await discover(gateway));

  const stored = JSON.stringify(
    await Promise.all(['AccessToken', 'RefreshToken', 'Session'].map((model) => gateway.oidcStore.ofPerson(model, person.personId, 0))),
  );

  expect(stored).toContain('accountId');
  expect(stored).not.toContain(tokens.access_token);
  expect(stored).not.toContain(tokens.refresh_token);
});

it('refuses a wrong client secret and a code that was used before', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { callback } = await signInToApp(gateway, person, config);
  const wrong = await fetch(`${gateway.publicUrl}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('wiki-client:wrong').toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code: 'x' }),
  });
  expect(wrong.status).toBe(401);

  const replay = await fetch(`${gateway.publicUrl}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`wiki-client:${CLIENT_SECRET}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      redirect_uri: `${APP_ORIGIN}/callback`,
      code_verifier: randomBytes(32).toString('base64url'),
    }),
  });
  expect(replay.status).toBe(400);
  expect(await replay.json()).toMatchObject({ error: 'invalid_grant' });
});

it('publishes three signing keys whose ids are their thumbprints', async () => {
  const gateway = await start();
  const { keys } = (await (await fetch(`${gateway.publicUrl}/oidc/jwks`)).json()) as { keys: { alg: string; kid: string; d?: string }[] };

  expect(keys.map(({ alg }) => alg).sort()).toEqual(['ES256', 'EdDSA', 'RS256']);
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(3);
  expect(keys.every((key) => !('d' in key))).toBe(true);
});

it('reaches the client by back-channel logout when the person is suspended, and denies the next refresh', async () => {
  const app = await listenLater();
  cleanUp.push(() => closeServer(app.server));
  const logoutTokens: string[] = [];
  app.serve((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      logoutTokens.push(new URLSearchParams(body).get('logout_token') ?? '');
      response.writeHead(200).end();
    });
  });
  const gateway = await start({ clients: [{ ...confidential(), backchannelLogoutUri: `${app.origin}/backchannel` }] });
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { tokens } = await signInToApp(gateway, person, config);
  const sid = tokens.claims()?.['sid'];

  await gateway.people.changeStanding({ personId: person.personId, to: 'suspended', nowMs: Date.now() });
  const ended = await gateway.liveSessions.endAllOf(person.personId, 'subject.suspended');

  expect(ended).toMatchObject({ sessions: 1, logoutTokensSent: 1, logoutTokensAcknowledged: 1 });
  const payload = JSON.parse(Buffer.from(logoutTokens[0]?.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
  expect(payload).toMatchObject({ sub: person.personId, sid, aud: 'wiki-client' });
  expect(payload).not.toHaveProperty('nonce');
  await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  expect(await gateway.liveSessions.ofPerson(person.personId)).toEqual([]);
});

it('ends one app for a person and leaves the other', async () => {
  const console = someClient({ origin: APP_ORIGIN, appId: 'server-console' as never, clientId: 'server-console-client', name: 'Console' });
  const gateway = await start({ clients: [confidential(), console] });
  const person = await enrolPerson(gateway, 'ann');
  const wiki = await discover(gateway);
  await signInToApp(gateway, person, wiki);
  const browserApp = await client.discovery(new URL(`${gateway.publicUrl}/oidc`), 'server-console-client', {}, client.None(), {
    execute: [client.allowInsecureRequests],
  });
  // A public client: PKCE is its only proof.
  const { url, checks } = await authorizationRequest(browserApp);
  const back = await person.browser.navigate(url.href, isApp);
  const tokens = await client.authorizationCodeGrant(browserApp, back.url, checks);

  await gateway.liveSessions.endAppOf(person.personId, 'wiki' as never, 'presence.required');

  const live = await gateway.liveSessions.ofPerson(person.personId);
  expect(live).toMatchObject([
    { kind: 'provider', appId: null },
    { kind: 'app', appId: 'server-console' },
  ]);
  await client.refreshTokenGrant(browserApp, tokens.refresh_token ?? '');
  // The address of a browser app is the person's own device; that of a server is not.
  expect(gateway.decisions.at(-1)).toMatchObject({
    action: 'token.refresh',
    networkSource: 'request',
    ip: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) as unknown,
  });
});

it('decides what the server of an app asks by the network of the sign-in', async () => {
  const browserIp = '198.51.100.7';
  const gateway = await start({ trustedProxies: ['127.0.0.0/8', '::1/128'] });
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  // A proxy in front says who the browser is; the app's own server comes by another way.
  const browser = new TestBrowser((url, init) =>
    fetch(url, { ...init, headers: { ...Object.fromEntries(new Headers(init?.headers)), 'x-forwarded-for': browserIp } }),
  );
  const { tokens } = await signInToApp(gateway, { ...person, browser }, config);
  expect(gateway.decisions.at(-1)).toMatchObject({ action: 'app.login', networkSource: 'request', ip: browserIp });

  const { refresh_token: refreshed = '' } = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
  expect(gateway.decisions.at(-1)).toMatchObject({ action: 'token.refresh', networkSource: 'login', ip: browserIp });
  await client.tokenIntrospection(config, refreshed);
  expect(gateway.decisions.at(-1)).toMatchObject({ action: 'token.refresh', networkSource: 'login', ip: browserIp });
});

it('tells where a person is to an app that asks for an area, and to no other', async () => {
  const asking = { ...confidential(), appId: 'server-console' as never, clientId: 'server-console-client' };
  const gateway = await start({ clients: [confidential(), asking] });
  const person = await enrolPerson(gateway, 'ann');
  const granted = async (clientId: string) => {
    const authentication = client.ClientSecretBasic(CLIENT_SECRET);
    const execute = [client.allowInsecureRequests];
    const config = await client.discovery(new URL(`${gateway.publicUrl}/oidc`), clientId, {}, authentication, { execute });
    const { tokens } = await signInToApp(gateway, person, config, { scope: 'openid profile presence', prompt: 'login' });
    const claims = await client.fetchUserInfo(config, tokens.access_token, person.personId);
    return { scope: tokens.scope, presence: claims['gatehouse_presence'] };
  };

  expect(await granted('wiki-client')).toEqual({ scope: 'openid profile', presence: undefined });
  expect(await granted('server-console-client')).toEqual({ scope: 'openid profile presence', presence: { state: 'unknown' } });
});
