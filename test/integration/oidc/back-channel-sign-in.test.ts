import * as client from 'openid-client';
import { afterEach, expect, it, vi } from 'vitest';
import type { Authentication } from '#gateway/app/access/types.ts';
import { PENDING_REQUESTS_MAX } from '#gateway/oidc/sign-in/back-channel-sign-in.ts';
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

async function start(options: Partial<Parameters<typeof startHttpGateway>[0]> = {}) {
  const kiosk = clientWith({ grants: ['ciba', 'refresh_token'] }, { clientId: 'kiosk', redirectUris: [] });
  const gateway = await startHttpGateway({ clients: [kiosk], ...options });
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

it('shows a person at most as many requests as the limit', async () => {
  const { ask, backChannel, person } = await start();
  for (let i = 0; i <= PENDING_REQUESTS_MAX; i += 1) await ask({ binding_message: `Order ${String(i)}` });
  expect(await backChannel.pendingOf(person.personId)).toHaveLength(PENDING_REQUESTS_MAX);
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
