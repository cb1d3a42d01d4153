import * as client from 'openid-client';
import { afterEach, expect, it } from 'vitest';
import { createMemoryVpnSessionStore } from '#adapters/memory/vpn-session-store.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { SessionId, VpnRealmId } from '#gateway/domain/site/ids.ts';
import type { ClosedView, MySession, MySessions } from '#gateway/http/contract/me.ts';
import { closeServer, listenLater } from '#test/support/listen-later.ts';
import { authorizationRequest, CLIENT_SECRET, confidential, discover, isApp, signInToApp } from '#test/support/oidc/client.ts';
import { clientWith, discoverAs } from '#test/support/oidc/flows.ts';
import { signInToOwnSide, type Answer } from '#test/support/oidc/own-side-client.ts';
import { startOwnSideGateway, type OwnSideGateway } from '#test/support/oidc/own-side-gateway.ts';
import { personId } from '#test/support/people.ts';
import { enrolPerson, signInToConsole, type Enrolled } from '#test/support/oidc/sign-in.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(options: Parameters<typeof startOwnSideGateway>[0] = {}): Promise<OwnSideGateway> {
  const gateway = await startOwnSideGateway({ clients: [confidential()], ...options });
  cleanUp.push(() => gateway.close());
  await gateway.grant({ kind: 'app', id: 'wiki' });
  return gateway;
}

const sessionsOf = async ({ publicUrl }: OwnSideGateway, { browser }: Pick<Enrolled, 'browser'>): Promise<readonly MySession[]> =>
  (await browser.call<MySessions>(`${publicUrl}/api/me/sessions`)).body.sessions;
const close = ({ publicUrl }: OwnSideGateway, { browser }: Pick<Enrolled, 'browser'>, id: string) =>
  browser.call<Answer<ClosedView>>(`${publicUrl}/api/me/sessions/${id}/close`, {});
const closeOthers = ({ publicUrl }: OwnSideGateway, { browser }: Pick<Enrolled, 'browser'>) =>
  browser.call<Answer<ClosedView>>(`${publicUrl}/api/me/sessions/close-others`, {});

/** An app that takes logout tokens, and says how. */
async function startApp(status = 200) {
  const app = await listenLater();
  cleanUp.push(() => closeServer(app.server));
  const state = { origin: app.origin, logoutTokens: 0, signedInAtLogout: [] as boolean[], ask: async () => false };
  app.serve((request, response) => {
    request.resume().on('end', () => {
      state.logoutTokens += 1;
      void state.ask().then((isAlive) => {
        state.signedInAtLogout.push(isAlive);
        response.writeHead(status).end();
      });
    });
  });
  return state;
}

it('lists what the person has open, each once, and nobody else’s', async () => {
  const gateway = await start();
  const ann = await enrolPerson(gateway, 'ann', { roles: ['employee', 'guard'] });
  const bob = await enrolPerson(gateway, 'bob');
  await signInToApp(gateway, ann, await discover(gateway));
  await signInToApp(gateway, bob, await discover(gateway));
  await signInToConsole(gateway, ann);
  await signInToOwnSide(gateway, ann);
  const { body } = await ann.browser.call<{ token: string }>(`${gateway.publicUrl}/api/session/cli-token`, {});
  expect(body.token).toBeDefined();

  const listed = await sessionsOf(gateway, ann);
  expect(listed.map(({ kind }) => kind).sort()).toEqual(['cli', 'console', 'portal', 'sign_in']);
  expect(listed.filter(({ current }) => current)).toMatchObject([{ kind: 'portal' }]);
  expect(listed.find(({ kind }) => kind === 'sign_in')?.apps).toMatchObject([{ id: 'wiki', name: 'wiki' }]);
});

it('closes a browser’s sign-in with its apps: session first, then tokens, then the logout token, and it does not sign in again by itself', async () => {
  const app = await startApp();
  const gateway = await start({ clients: [{ ...confidential(), backchannelLogoutUri: `${app.origin}/backchannel` }] });
  const ann = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { tokens } = await signInToApp(gateway, ann, config);
  const elsewhere: Enrolled = { ...ann, browser: new TestBrowser() };
  await signInToOwnSide(gateway, elsewhere);
  // At the moment in which the app hears of it, neither the session nor a token is left.
  app.ask = async () => {
    const isRefreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '').then(
      () => true,
      () => false,
    );
    return isRefreshed || (await gateway.oidcStore.ofPerson('Session', ann.personId, Date.now())).length > 0;
  };

  const signIn = (await sessionsOf(gateway, elsewhere)).find(({ kind }) => kind === 'sign_in');
  const { body } = await close(gateway, elsewhere, signIn?.id ?? '');

  expect(body).toEqual({ sessions: 1, logoutTokensSent: 1, logoutTokensAcknowledged: 1, residual: [] });
  expect(app.signedInAtLogout).toEqual([false]);
  const { url } = await authorizationRequest(config);
  expect((await ann.browser.navigate(url.href, isApp)).url.pathname).toMatch(/^\/signin\//);
  expect(await sessionsOf(gateway, elsewhere)).toMatchObject([{ kind: 'portal', current: true }]);
  const ended = (await gateway.records()).filter((record) => record.type === 'session' && record.event === 'ended');
  expect(ended).toMatchObject([
    { kind: 'app', appId: 'wiki', cause: 'closed_by_person' },
    { kind: 'provider', cause: 'closed_by_person' },
  ]);
  const decided = (await gateway.records()).filter((record) => record.type === 'decision' && record.action === 'self.close');
  expect(decided).toMatchObject([{ effect: 'permit', personId: ann.personId }]);
});

it('says when an app did not acknowledge', async () => {
  const app = await startApp(500);
  const gateway = await start({ clients: [{ ...confidential(), backchannelLogoutUri: `${app.origin}/backchannel` }] });
  const ann = await enrolPerson(gateway, 'ann');
  await signInToApp(gateway, ann, await discover(gateway));
  await signInToOwnSide(gateway, ann);
  expect((await closeOthers(gateway, ann)).body).toMatchObject({ logoutTokensSent: 1, logoutTokensAcknowledged: 0, residual: ['apps'] });
});

it('shows an app that keeps access without a browser, and ends it', async () => {
  const gateway = await start({ clients: [clientWith({ grants: ['ciba', 'refresh_token'] }, { redirectUris: [] })] });
  const ann = await enrolPerson(gateway, 'ann');
  const config = await discoverAs(gateway, client.ClientSecretBasic(CLIENT_SECRET));
  const asked = await client.initiateBackchannelAuthentication(config, {
    scope: 'openid',
    login_hint: 'ann@example.test',
    binding_message: 'Desk 3',
  });
  const { backChannel } = gateway.provider;
  const [pending] = await backChannel.pendingOf(ann.personId);
  const authentication = { amr: ['hwk'], acr: 'urn:gatehouse:acr:passkey', userVerified: true, authenticatedAtMs: Date.now() };
  await backChannel.answer({ personId: ann.personId, authentication, ip: null, requestId: pending?.id ?? '', answer: 'approve' });
  const tokens = await client.genericGrantRequest(config, 'urn:openid:params:grant-type:ciba', { auth_req_id: asked.auth_req_id });
  await signInToOwnSide(gateway, ann);

  const lasting = (await sessionsOf(gateway, ann)).find(({ kind }) => kind === 'app_access');
  expect(lasting).toMatchObject({ apps: [{ id: 'wiki' }] });
  expect((await close(gateway, ann, lasting?.id ?? '')).body).toMatchObject({ sessions: 1 });
  await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  expect((await close(gateway, ann, lasting?.id ?? '')).status).toBe(404);
});

it('shows no access of an app whose browser session has run out: its tokens ended with that', async () => {
  const gateway = await start();
  const ann = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { tokens } = await signInToApp(gateway, ann, config);
  await signInToOwnSide(gateway, ann);
  for (const { model, id } of await gateway.oidcStore.ofPerson('Session', ann.personId, Date.now()))
    await gateway.oidcStore.destroy(model, id);
  expect((await sessionsOf(gateway, ann)).filter(({ kind }) => kind === 'app_access')).toEqual([]);
  await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
});

it('closes all others, on every side, and stays itself', async () => {
  const gateway = await start();
  const ann = await enrolPerson(gateway, 'ann', { roles: ['employee', 'guard'] });
  const bob = await enrolPerson(gateway, 'bob');
  await signInToApp(gateway, ann, await discover(gateway));
  await signInToConsole(gateway, ann);
  await signInToOwnSide(gateway, { ...ann, browser: new TestBrowser() });
  await signInToOwnSide(gateway, bob);
  await signInToOwnSide(gateway, ann);

  expect((await closeOthers(gateway, ann)).body).toMatchObject({ sessions: 3, residual: [] });
  expect(await sessionsOf(gateway, ann)).toMatchObject([{ kind: 'portal', current: true }]);
  expect((await ann.browser.call(`${gateway.publicUrl}/api/people`)).status).toBe(401);
  expect(await sessionsOf(gateway, bob)).toHaveLength(1);
});

it('closes nobody else’s session, and tells by nothing that there is one', async () => {
  const gateway = await start();
  const ann = await enrolPerson(gateway, 'ann');
  const bob = await enrolPerson(gateway, 'bob');
  await signInToApp(gateway, bob, await discover(gateway));
  await signInToOwnSide(gateway, bob);
  await signInToOwnSide(gateway, ann);
  const none = await close(gateway, ann, 'session_nowhere');
  expect(none.status).toBe(404);
  for (const { id } of await sessionsOf(gateway, bob)) expect(await close(gateway, ann, id)).toEqual(none);
  expect(await sessionsOf(gateway, bob)).toHaveLength(2);
  const [own] = await sessionsOf(gateway, ann);
  expect((await close(gateway, ann, own?.id ?? '')).status).toBe(409);
});

it('ends a tunnel through the VPN server, and says when that could not be told', async () => {
  const store = createMemoryVpnSessionStore();
  const told: string[] = [];
  let isReachable = true;
  const endAllOf = async (person: string, cause: string, realm?: string): Promise<number> => {
    told.push(`${person} ${cause} ${realm ?? 'everywhere'}`);
    if (!isReachable) throw new GatewayError('vpn.unavailable', 'gone');
    return 1;
  };
  const gateway = await start({ ownSide: { vpn: { store, sessions: { endAllOf } } } });
  const ann = await enrolPerson(gateway, 'ann');
  await signInToOwnSide(gateway, ann);
  const tunnel = {
    realmId: 'staff' as VpnRealmId,
    userName: 'ann',
    ip: null,
    authentication: null,
    decisionId: null,
    correlation: 'c',
    deviceId: null,
    nas: null,
  };
  const times = { startedAtMs: Date.now(), seenAtMs: Date.now() };
  await store.start({ ...tunnel, ...times, id: 'vpn_1' as SessionId, serverSessionId: '1', personId: ann.personId });
  await store.start({ ...tunnel, ...times, id: 'vpn_2' as SessionId, serverSessionId: '2', personId: personId('bob') });

  expect((await sessionsOf(gateway, ann)).filter(({ kind }) => kind === 'vpn')).toMatchObject([{ id: 'vpn_1', realmName: 'staff' }]);
  expect((await close(gateway, ann, 'vpn_2')).status).toBe(404);
  expect((await close(gateway, ann, 'vpn_1')).body).toMatchObject({ sessions: 1, residual: [] });
  isReachable = false;
  expect((await close(gateway, ann, 'vpn_1')).body).toMatchObject({ sessions: 0, residual: ['vpn'] });
  expect((await closeOthers(gateway, ann)).body).toMatchObject({ residual: ['vpn'] });
  expect(told).toEqual([
    `${ann.personId} closed_by_person staff`,
    `${ann.personId} closed_by_person staff`,
    `${ann.personId} closed_by_person everywhere`,
  ]);
});

it('is closed itself by a suspension, at once', async () => {
  const gateway = await start();
  const ada = await enrolPerson(gateway, 'ada', { roles: ['security_admin'] });
  const ann = await enrolPerson(gateway, 'ann');
  await signInToConsole(gateway, ada);
  await signInToOwnSide(gateway, ann);
  await ada.browser.call(`${gateway.publicUrl}/api/people/${ann.personId}/suspend`, { reason: 'laptop was stolen' });
  expect(await gateway.sessions.ofPerson(ann.personId, Date.now())).toEqual([]);
  expect((await ann.browser.call(`${gateway.publicUrl}/api/me/sessions`)).status).toBe(401);
  expect(await gateway.records()).toContainEqual(
    expect.objectContaining({ type: 'session', kind: 'portal', event: 'ended', cause: 'subject.suspended' }),
  );
});
