import * as client from 'openid-client';
import { afterEach, expect, it, vi } from 'vitest';
import type { Authentication } from '#gateway/app/access/types.ts';
import { OPEN_REQUESTS_MAX, PENDING_REQUESTS_MAX } from '#gateway/oidc/sign-in/back-channel-sign-in.ts';
import { startHttpGateway } from '#test/support/http-gateway.ts';
import { closeServer, listenLater } from '#test/support/listen-later.ts';
import { CLIENT_SECRET } from '#test/support/oidc/client.ts';
import { clientWith, discoverAs } from '#test/support/oidc/flows.ts';
import { enrolPerson } from '#test/support/oidc/sign-in.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllGlobals();
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** CIBA wants https. Nothing here ends TLS, so the network is told where this name is. */
const NOTIFIED = 'https://kiosk.example.test';

const basic = client.ClientSecretBasic(CLIENT_SECRET);

const kioskClient = () => clientWith({ grants: ['ciba', 'refresh_token'] }, { clientId: 'kiosk', redirectUris: [] });

async function start(options: Partial<Parameters<typeof startHttpGateway>[0]> = {}) {
  const gateway = await startHttpGateway({ clients: [kioskClient()], ...options });
  cleanUp.push(() => gateway.close());
  const person = await enrolPerson(gateway, 'ann');
  const config = await discoverAs(gateway, basic, 'kiosk');
  const ask = (more: Record<string, string> = {}) =>
    client.initiateBackchannelAuthentication(config, {
      scope: 'openid profile',
      login_hint: 'ann@example.test',
      binding_message: 'Order 4711',
      ...more,
    });
  const poll = async (asked: client.BackchannelAuthenticationResponse) =>
    client.genericGrantRequest(config, 'urn:openid:params:grant-type:ciba', { auth_req_id: asked.auth_req_id });
  return { gateway, person, config, ask, poll, backChannel: gateway.provider.backChannel };
}

const authentication = (): Authentication => ({
  amr: ['hwk', 'user', 'mfa'],
  acr: 'urn:gatehouse:acr:passkey',
  userVerified: true,
  authenticatedAtMs: Date.now(),
});

const answerOf = (personId: string, requestId: string, answer: 'approve' | 'refuse' = 'approve') =>
  ({ personId: personId as never, authentication: authentication(), ip: '198.51.100.7', requestId, answer }) as const;

it('shows the person what is asked, and gives tokens when they approve and the policy permits', async () => {
  const { ask, backChannel, gateway, person, poll } = await start();
  const asked = await ask();
  await expect(poll(asked)).rejects.toMatchObject({ error: 'authorization_pending' });
  const [pending] = await backChannel.pendingOf(person.personId);
  expect(pending).toMatchObject({ appName: 'Wiki', bindingMessage: 'Order 4711' });

  expect(await backChannel.answer(answerOf(person.personId, pending?.id ?? ''))).toEqual({ outcome: 'approved' });

  const tokens = await poll(asked);
  expect(tokens.claims()).toMatchObject({ sub: person.personId, acr: 'urn:gatehouse:acr:passkey' });
  expect(gateway.decisions.map(({ action }) => action)).toEqual(['app.login']);
  await expect(poll(asked)).rejects.toMatchObject({ error: 'invalid_grant' });
  expect(await backChannel.pendingOf(person.personId)).toEqual([]);
});

it('gives nothing when the person refuses, or the policy does', async () => {
  let permitted = true;
  const { ask, backChannel, person, poll } = await start({ judgeApp: () => (permitted ? 'permit' : 'grant.missing') });
  const first = await ask();
  const [one] = await backChannel.pendingOf(person.personId);
  await backChannel.answer(answerOf(person.personId, one?.id ?? '', 'refuse'));
  await expect(poll(first)).rejects.toMatchObject({ error: 'access_denied' });

  permitted = false;
  const second = await ask();
  const [two] = await backChannel.pendingOf(person.personId);
  const denied = await backChannel.answer(answerOf(person.personId, two?.id ?? ''));
  expect(denied).toMatchObject({ outcome: 'denied', reasons: ['grant.missing'] });
  await expect(poll(second)).rejects.toMatchObject({ error: 'access_denied' });
});

it('lets nobody answer for somebody else', async () => {
  const { ask, backChannel, gateway, person } = await start();
  const other = await enrolPerson(gateway, 'bob');
  await ask();
  const [pending] = await backChannel.pendingOf(person.personId);

  expect(await backChannel.pendingOf(other.personId)).toEqual([]);
  await expect(backChannel.answer(answerOf(other.personId, pending?.id ?? ''))).rejects.toMatchObject({ code: 'resource.unknown' });
});

it('ends everything of a suspended person: requests that wait, and tokens that were given', async () => {
  const { ask, backChannel, config, gateway, person, poll } = await start();
  const asked = await ask();
  const [pending] = await backChannel.pendingOf(person.personId);
  await backChannel.answer(answerOf(person.personId, pending?.id ?? ''));
  const tokens = await poll(asked);
  await ask();

  await gateway.people.changeStanding({ personId: person.personId, to: 'suspended', nowMs: Date.now() });
  await gateway.liveSessions.endAllOf(person.personId, 'subject.suspended');

  expect(await backChannel.pendingOf(person.personId)).toEqual([]);
  await expect(client.fetchUserInfo(config, tokens.access_token, person.personId)).rejects.toThrow();
});

it.each([
  ['an unknown person', { login_hint: 'nobody@example.test' }, 'unknown_user_id'],
  ['no message to compare', { binding_message: '' }, 'invalid_binding_message'],
  ['a message that is too long', { binding_message: 'x'.repeat(65) }, 'invalid_binding_message'],
  ['a message with markup', { binding_message: '<b>' }, 'invalid_binding_message'],
])('refuses %s', async (_what, change, error) => {
  const { ask } = await start();
  await expect(ask(change)).rejects.toMatchObject({ error });
});

it('shows a person at most as many requests as the limit, and the newest of every client', async () => {
  const names = Array.from({ length: PENDING_REQUESTS_MAX / OPEN_REQUESTS_MAX + 1 }, (_, index) => `kiosk-${String(index)}`);
  const clients = names.map((clientId) => clientWith({ grants: ['ciba'] }, { clientId, redirectUris: [] }));
  const { backChannel, gateway, person } = await start({ clients: [...clients, kioskClient()] });
  for (const name of names) {
    const config = await discoverAs(gateway, basic, name);
    for (let index = 1; index <= OPEN_REQUESTS_MAX; index += 1)
      await client.initiateBackchannelAuthentication(config, {
        scope: 'openid',
        login_hint: 'ann@example.test',
        binding_message: `${name} ${String(index)}`,
      });
  }
  const shown = (await backChannel.pendingOf(person.personId)).map(({ bindingMessage }) => bindingMessage);
  expect(shown).toHaveLength(PENDING_REQUESTS_MAX);
  for (const name of names) expect(shown.some((message) => message.startsWith(name))).toBe(true);
});

it('lets a client wait for few answers of one person at a time, so that nobody is worn down', async () => {
  const { ask, backChannel, person } = await start();
  for (let index = 0; index < OPEN_REQUESTS_MAX; index += 1) await ask();
  await expect(ask()).rejects.toMatchObject({ error: 'temporarily_unavailable', status: 429 });
  const [pending] = await backChannel.pendingOf(person.personId);
  await backChannel.answer(answerOf(person.personId, pending?.id ?? '', 'refuse'));
  await ask();
});

it('keeps saying how the person answered, when an API asks about a token that no browser has', async () => {
  const { ask, backChannel, config, person, poll } = await start();
  const asked = await ask({ acr_values: 'urn:gatehouse:acr:aal3' });
  const [pending] = await backChannel.pendingOf(person.personId);
  await backChannel.answer(answerOf(person.personId, pending?.id ?? ''));
  const tokens = await poll(asked);
  expect(tokens.claims()?.['acr']).toBe('urn:gatehouse:acr:aal3');
  const told = await client.tokenIntrospection(config, tokens.access_token);
  expect(told).toMatchObject({ active: true, acr: 'urn:gatehouse:acr:aal3', amr: ['hwk', 'user', 'mfa'] });
});

it('ends what an app was given over the back channel when the person loses the app, and leaves other apps theirs', async () => {
  const { ask, backChannel, config, gateway, person, poll } = await start();
  const asked = await ask();
  const [pending] = await backChannel.pendingOf(person.personId);
  await backChannel.answer(answerOf(person.personId, pending?.id ?? ''));
  const tokens = await poll(asked);
  const [signIn] = await gateway.liveSessions.signInsOf(person.personId);
  const appId = signIn?.apps[0]?.appId ?? ('unknown' as never);
  expect(await gateway.liveSessions.endAppOf(person.personId, 'another-app' as never, 'test')).toMatchObject({ sessions: 0 });
  expect(await gateway.liveSessions.endAppOf(person.personId, appId, 'test')).toMatchObject({ sessions: 1 });
  await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  await expect(client.fetchUserInfo(config, tokens.access_token, person.personId)).rejects.toThrow();
});

it('tells a client of the mode ping at its configured address', async () => {
  const app = await listenLater();
  cleanUp.push(() => closeServer(app.server));
  const pings: { authorization: string | undefined; body: string }[] = [];
  app.serve((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      pings.push({ authorization: request.headers.authorization, body });
      response.writeHead(204).end();
    });
  });
  const kiosk = clientWith({ grants: ['ciba'], cibaNotificationUri: `${NOTIFIED}/ping` }, { clientId: 'kiosk', redirectUris: [] });
  const { ask, backChannel, person } = await start({ clients: [kiosk] });
  const network = globalThis.fetch;
  vi.stubGlobal('fetch', (url: string | URL, init?: RequestInit) => network(String(url).replace(NOTIFIED, app.origin), init));
  const asked = await ask({ client_notification_token: 'a-token-of-the-client' });
  const [pending] = await backChannel.pendingOf(person.personId);

  await backChannel.answer(answerOf(person.personId, pending?.id ?? ''));

  expect(pings).toEqual([{ authorization: 'Bearer a-token-of-the-client', body: JSON.stringify({ auth_req_id: asked.auth_req_id }) }]);
});
