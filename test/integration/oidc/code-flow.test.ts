import { createHash, randomBytes } from 'node:crypto';
import * as client from 'openid-client';
import { afterEach, expect, it } from 'vitest';
import type { Continue, InteractionView } from '#gateway/http/contract/sign-in.ts';
import { closeServer, listenLater, someClient, startHttpGateway, type HttpGateway, type Verdict } from '#test/support/http-gateway.ts';
import { enrolPerson, presentPasskey, uidOf, type Enrolled } from '#test/support/sign-in.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const APP_ORIGIN = 'http://localhost:9';
const SECRET = 'test-client-secret';
const confidential = (origin = APP_ORIGIN) => someClient({ origin, clientSecretSha256: createHash('sha256').update(SECRET).digest('hex') });

async function start(options: Partial<Parameters<typeof startHttpGateway>[0]> = {}): Promise<HttpGateway> {
  const gateway = await startHttpGateway({ clients: [confidential()], ...options });
  cleanUp.push(() => gateway.close());
  return gateway;
}

async function discover(gateway: HttpGateway): Promise<client.Configuration> {
  return client.discovery(new URL(`${gateway.publicUrl}/oidc`), 'wiki-client', {}, client.ClientSecretBasic(SECRET), {
    execute: [client.allowInsecureRequests],
  });
}

async function authorizationRequest(config: client.Configuration, more: Record<string, string> = {}) {
  const verifier = client.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier: verifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: `${APP_ORIGIN}/callback`,
    scope: 'openid profile email groups',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...more,
  });
  return { url, checks };
}

/** Makes the person's provider sessions look as if they had begun earlier. */
async function ageSessions(gateway: HttpGateway, personId: string, byS: number): Promise<void> {
  for (const artifact of await gateway.oidcStore.ofPerson('Session', personId, Date.now())) {
    const session = JSON.parse(artifact.payloadJson) as { loginTs: number };
    await gateway.oidcStore.upsert({ ...artifact, payloadJson: JSON.stringify({ ...session, loginTs: session.loginTs - byS }) });
  }
}

const isApp = (url: URL): boolean => url.origin === APP_ORIGIN;

/** From the app's sign-in button to its tokens. */
async function signIn(gateway: HttpGateway, person: Enrolled, config: client.Configuration) {
  const { url, checks } = await authorizationRequest(config);
  const page = await person.browser.navigate(url.href);
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));
  const back = await person.browser.navigate(body.redirectTo, isApp);
  return { callback: back.url, tokens: await client.authorizationCodeGrant(config, back.url, checks) };
}

it('signs a person in with a passkey, decides, and gives the app claims, userinfo and a rotated refresh token', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);

  const { tokens } = await signIn(gateway, person, config);

  const claims = tokens.claims();
  expect(claims).toMatchObject({ sub: person.personId, acr: 'urn:gatehouse:acr:passkey' });
  expect(claims?.['amr']).toContain('hwk');
  expect(claims?.['gatehouse_decision']).toBe(gateway.decisions[0]?.decision.id);
  expect(await client.fetchUserInfo(config, tokens.access_token, person.personId)).toMatchObject({
    name: 'Person ann',
    email: 'ann@example.test',
    groups: ['engineering', 'night-shift'],
  });

  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
  expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
  expect(gateway.decisions.map(({ action }) => action)).toEqual(['app.login', 'token.refresh']);
  expect(refreshed.claims()?.['gatehouse_decision']).toBe(gateway.decisions[1]?.decision.id);
});

it('decides again on single sign-on, without asking for the passkey', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  await signIn(gateway, person, config);

  const { url, checks } = await authorizationRequest(config);
  const back = await person.browser.navigate(url.href, isApp);

  await client.authorizationCodeGrant(config, back.url, checks);
  expect(gateway.decisions.map(({ action }) => action)).toEqual(['app.login', 'app.login']);
});

it('shows a denied person why, and lets them in when the policy permits on the next try', async () => {
  let insideArea = false;
  const gateway = await start({ judgeApp: () => (insideArea ? 'permit' : 'presence.required') });
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { url, checks } = await authorizationRequest(config);
  const page = await person.browser.navigate(url.href);
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));

  const denied = await person.browser.navigate(body.redirectTo, isApp);
  const path = `${gateway.publicUrl}/api/interaction/${uidOf(denied.url)}`;
  const view = await person.browser.call(path);
  expect(view.body).toMatchObject({
    appName: 'Wiki',
    prompt: 'denied',
    denied: { decisionId: gateway.decisions[0]?.decision.id, reasons: [{ code: 'presence.required' }] },
  });

  insideArea = true;
  const retry = await person.browser.call<Continue>(`${path}/retry`, {});
  const back = await person.browser.navigate(retry.body.redirectTo, isApp);
  expect((await client.authorizationCodeGrant(config, back.url, checks)).access_token).toBeTypeOf('string');
});

it('takes a denied person back to the app with access_denied, the reason and the decision', async () => {
  const gateway = await start({ judgeApp: () => 'grant.missing' });
  const person = await enrolPerson(gateway, 'ann');
  const { url } = await authorizationRequest(await discover(gateway));
  const page = await person.browser.navigate(url.href);
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));
  const denied = await person.browser.navigate(body.redirectTo, isApp);

  const abort = await person.browser.call<Continue>(`${gateway.publicUrl}/api/interaction/${uidOf(denied.url)}/abort`, {});
  const back = await person.browser.navigate(abort.body.redirectTo, isApp);

  expect(back.url.searchParams.get('error')).toBe('access_denied');
  expect(back.url.searchParams.get('error_description')).toBe(`access denied: grant.missing (${gateway.decisions[0]?.decision.id ?? ''})`);
});

it('tells the client itself when prompt=none is denied', async () => {
  let permitted = true;
  const gateway = await start({ judgeApp: () => (permitted ? 'permit' : 'network.elsewhere') });
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  await signIn(gateway, person, config);
  permitted = false;

  const { url } = await authorizationRequest(config, { prompt: 'none' });
  const back = await person.browser.navigate(url.href, isApp);

  expect(back.url.searchParams.get('error')).toBe('access_denied');
  expect(back.url.searchParams.get('error_description')).toContain('network.elsewhere');
});

it('asks for the passkey again on a step-up, and decides again after it', async () => {
  const verdicts: Verdict[] = ['permit', [{ id: 'step_up', acr: 'urn:gatehouse:acr:passkey', max_age_s: 0 }], 'permit'];
  const gateway = await start({ judgeApp: () => verdicts.shift() ?? 'grant.missing' });
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  await signIn(gateway, person, config);
  // The sign-in is made to be an hour old, less what a session lives.
  await ageSessions(gateway, person.personId, 3_000);

  const { url, checks } = await authorizationRequest(config);
  const page = await person.browser.navigate(url.href, isApp);
  const view = await person.browser.call<InteractionView>(`${gateway.publicUrl}/api/interaction/${uidOf(page.url)}`);
  expect(view.body).toMatchObject({ prompt: 'step_up', denied: null });
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));
  const back = await person.browser.navigate(body.redirectTo, isApp);

  const tokens = await client.authorizationCodeGrant(config, back.url, checks);
  expect(tokens.claims()?.auth_time).toBeGreaterThan(Date.now() / 1_000 - 60);
  expect(gateway.decisions).toHaveLength(3);
});

it('shows a step-up that only badging in can satisfy as a denial that says so', async () => {
  const gateway = await start({ judgeApp: () => [{ id: 'step_up', acr: 'urn:gatehouse:acr:on-site', max_age_s: 0 }] });
  const person = await enrolPerson(gateway, 'ann');
  const { url } = await authorizationRequest(await discover(gateway));
  const page = await person.browser.navigate(url.href);
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));

  const denied = await person.browser.navigate(body.redirectTo, isApp);
  const view = await person.browser.call<InteractionView>(`${gateway.publicUrl}/api/interaction/${uidOf(denied.url)}`);

  expect(view.body.denied?.reasons[0]?.code).toBe('presence.required');
});

it('does not let somebody else’s passkey into a running session', async () => {
  const verdicts: Verdict[] = ['permit', [{ id: 'step_up', acr: 'urn:gatehouse:acr:passkey', max_age_s: 0 }]];
  const gateway = await start({ judgeApp: () => verdicts.shift() ?? 'grant.missing' });
  const person = await enrolPerson(gateway, 'ann');
  const other = await enrolPerson(gateway, 'bob');
  const config = await discover(gateway);
  await signIn(gateway, person, config);
  await ageSessions(gateway, person.personId, 3_000);
  const page = await person.browser.navigate((await authorizationRequest(config)).url.href, isApp);

  const { status } = await presentPasskey(gateway, { browser: person.browser, authenticator: other.authenticator }, uidOf(page.url));

  expect(status).toBe(409);
});

it('ends the grant when a refresh is denied, naming reason and decision', async () => {
  let permitted = true;
  const gateway = await start({ judgeApp: () => (permitted ? 'permit' : 'presence.stale') });
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { tokens } = await signIn(gateway, person, config);
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

it('answers introspection with inactive when the policy no longer permits', async () => {
  let permitted = true;
  const gateway = await start({ judgeApp: () => (permitted ? 'permit' : 'grant.expired') });
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { tokens } = await signIn(gateway, person, config);

  expect((await client.tokenIntrospection(config, tokens.access_token)).active).toBe(true);
  permitted = false;
  expect((await client.tokenIntrospection(config, tokens.access_token)).active).toBe(false);
});

it('ends everything when the same refresh token is used twice', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { tokens } = await signIn(gateway, person, config);
  const second = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');

  await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  await expect(client.refreshTokenGrant(config, second.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  expect(await gateway.records()).toContainEqual(expect.objectContaining({ type: 'session', event: 'ended', cause: 'token_reused' }));
});

it('keeps no usable token in the store', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const { tokens } = await signIn(gateway, person, await discover(gateway));

  const stored = JSON.stringify(
    await Promise.all(['AccessToken', 'RefreshToken', 'Session'].map((model) => gateway.oidcStore.ofPerson(model, person.personId, 0))),
  );

  expect(stored).toContain('accountId');
  expect(stored).not.toContain(tokens.access_token);
  expect(stored).not.toContain(tokens.refresh_token);
});

it('shows its own page for an unknown client and for a return address that is not registered', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { url } = await authorizationRequest(config);
  const unknownClient = new URL(url);
  unknownClient.searchParams.set('client_id', 'nobody');
  const badRedirect = new URL(url);
  badRedirect.searchParams.set('redirect_uri', 'http://localhost:9/elsewhere');

  for (const [target, code] of [
    [unknownClient, 'invalid_client'],
    [badRedirect, 'invalid_redirect_uri'],
  ] as const) {
    const { url: end, response } = await person.browser.navigate(target.href, isApp);
    expect(end.origin).toBe(gateway.publicUrl);
    expect(response?.status).toBe(400);
    const text = await response?.text();
    expect(text).toContain(code);
    expect(text).not.toContain('<style');
    expect(text).not.toContain('<script');
  }
});

it('refuses an authorization request without PKCE', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const { url } = await authorizationRequest(await discover(gateway));
  url.searchParams.delete('code_challenge');
  url.searchParams.delete('code_challenge_method');

  const back = await person.browser.navigate(url.href, isApp);

  expect(back.url.searchParams.get('error')).toBe('invalid_request');
});

it('refuses a wrong client secret and a code that was used before', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { callback } = await signIn(gateway, person, config);
  const wrong = await fetch(`${gateway.publicUrl}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('wiki-client:wrong').toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code: 'x' }),
  });
  expect(wrong.status).toBe(401);

  const replay = await fetch(`${gateway.publicUrl}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`wiki-client:${SECRET}`).toString('base64')}` },
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
  const { tokens } = await signIn(gateway, person, config);
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

it('signs nobody in when the log cannot be written, and tells the operator', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const { url } = await authorizationRequest(await discover(gateway));
  const page = await person.browser.navigate(url.href);
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));
  gateway.audit.breakDown();

  const back = await person.browser.navigate(body.redirectTo, isApp);

  expect(back.url.origin).toBe(gateway.publicUrl);
  expect(back.response?.status).toBe(500);
  expect(await back.response?.text()).toContain('Nothing was granted');
  expect(gateway.logLines.join('')).toContain('oidc.failed');
});
