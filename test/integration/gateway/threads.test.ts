import { afterAll, beforeAll, expect, it } from 'vitest';
import type { z } from 'zod';
import { doorsSchema, statusSchema, suspendResultSchema, type releaseResultSchema } from '#gateway/http/contract/admin.ts';
import type { ErrorBody } from '#gateway/http/contract/common.ts';
import { RESTART_PAUSES_MS } from '#gateway/app/doors/supervise-door-node.ts';
import { layOutSite, SITE_CARDS, type ConfiguredSite, type SiteReaderId } from '#test/support/configured-site.ts';
import { readLog, untilLogged, untilReadersAnswer } from '#test/support/gateway-log.ts';
import { endThread, hangThread } from '#test/support/gateway-threads.ts';
import { consoleSignIn, enrolAt } from '#test/support/oidc/running-sign-in.ts';
import type { Enrolled } from '#test/support/oidc/sign-in.ts';
import { startGateway, until, type RunningGateway } from '#test/support/running-gateway.ts';

type ReleaseResult = z.infer<typeof releaseResultSchema>;

/** The tests follow one another: each begins with the gateway as the one before has left it. */
let site: ConfiguredSite;
let gateway: RunningGateway;
let sia: Enrolled;

beforeAll(async () => {
  site = await layOutSite();
  await start();
  sia = await enrolAt(gateway, 'usr_sia');
  await consoleSignIn(gateway, sia);
});
afterAll(async () => {
  await gateway?.kill();
  await site?.remove();
});

async function start(): Promise<void> {
  gateway = await startGateway({ ...site.process, inspect: true });
  await untilReadersAnswer(gateway);
}

const doorNode = async () => (await gateway.api.get('/api/status', statusSchema)).doorNode;
const release = () => sia.browser.call<ReleaseResult & ErrorBody>(`${gateway.url}/api/doors/front/release`, { reason: 'A delivery' });
const presentAnn = (readerId: SiteReaderId): void => site.readers[readerId].presentCard(SITE_CARDS.ann.bits, SITE_CARDS.ann.bitCount);

/** Does something and waits until the strike of the door has been energised. */
async function struckBy(readerId: SiteReaderId, act: () => void): Promise<void> {
  await until('the strike is at rest', 5_000, () => (site.readers[readerId].outputs[0] === true ? null : true));
  await new Promise<void>((resolve) => {
    const stop = site.readers[readerId].onOutput(({ active }) => {
      if (!active) return;
      stop();
      resolve();
    });
    act();
  });
}

it('says of every door that nothing is known, and releases none, as long as the door thread is dead', async () => {
  await endThread(gateway, 'doors');
  const [status, { doors }, released, ready] = await Promise.all([
    doorNode(),
    gateway.api.get('/api/doors', doorsSchema),
    release(),
    fetch(`${gateway.url}/readyz`),
  ]);
  expect(status).toBe('lost');
  expect(doors.map((door) => [door.status.contact, door.status.lock, door.status.fault])).toEqual(
    doors.map(() => ['unknown', 'unknown', 'node_offline']),
  );
  expect(doors.flatMap(({ readers }) => readers.map(({ online }) => online))).toEqual([false, false, false, false]);
  expect(released).toMatchObject({ status: 200, body: { released: false, detail: 'The door controller does not answer.' } });
  expect([ready.status, await ready.json()]).toMatchObject([503, { ready: false, doors: 'failed' }]);
});

it('says residual on the receipt of a suspension that the doors cannot acknowledge, and denies all the same', async () => {
  if ((await doorNode()) === 'online') await endThread(gateway, 'doors');
  const { receipt } = await gateway.api.post('/api/people/usr_ben/suspend', { reason: 'Lost badge' }, suspendResultSchema);
  expect(receipt.state).toBe('residual');
  expect(receipt.targets.find(({ target }) => target === 'doors')).toMatchObject({ acknowledgedAtMs: null });
  await untilReadersAnswer(gateway);
  site.readers['front-in'].presentCard(SITE_CARDS.ben.bits, SITE_CARDS.ben.bitCount);
  const { record } = await untilLogged(
    gateway,
    'decision',
    (entry) => entry.type === 'decision' && entry.personId === 'usr_ben' && entry.action === 'door.unlock',
  );
  expect(record).toMatchObject({ effect: 'deny', reasons: ['subject.suspended'] });
});

it('has the doors back after a moment, with the epoch of now, and the log tells the whole story', async () => {
  const status = await until('the door node is back', 5_000, async () => {
    const answer = await gateway.api.get('/api/status', statusSchema);
    return answer.doorNode === 'online' ? answer : null;
  });
  expect(status.doorNodeEpoch).toBe(status.epoch);
  await struckBy('front-in', () => presentAnn('front-in'));
  const story = await readLog(gateway, 'system,door_state');
  const told = story.flatMap(({ record }) => {
    if (record.type === 'system') return [record.event];
    return record.type === 'door_state' && record.state.doorId === 'front' && /^node_/.test(record.cause) ? [record.cause] : [];
  });
  const loss = told.indexOf('door_node_lost');
  expect(told.slice(loss, loss + 2)).toEqual(['door_node_lost', 'node_lost']);
  // Written by two threads: either may be the first.
  expect(told.slice(loss + 2, loss + 4).sort()).toEqual(['door_node_started', 'node_started']);
});

it('ends a door thread that stands still, starts it anew, and says so with an alarm', async () => {
  await hangThread(gateway, 'doors');
  await untilLogged(gateway, 'alarm', (entry) => entry.type === 'alarm' && entry.code === 'door_node.hung' && !entry.active);
  expect(await doorNode()).toBe('online');
  await untilReadersAnswer(gateway);
  const alarms = await readLog(gateway, 'alarm');
  expect(alarms.flatMap(({ record }) => (record.type === 'alarm' && record.code === 'door_node.hung' ? [record.active] : []))).toEqual([
    true,
    false,
  ]);
});

it('ends with an error when the door thread dies again and again, so that its supervisor starts it anew', async () => {
  const ended = gateway.exited();
  for (let deaths = 0; deaths <= RESTART_PAUSES_MS.length; deaths += 1) {
    const state = await until('the node is back, or the gateway gone', 10_000, async () => {
      const status = await doorNode().catch(() => 'gone' as const);
      return status === 'lost' ? null : status;
    });
    if (state === 'gone') break;
    await endThread(gateway, 'doors');
  }
  expect(await ended).toBe(1);
  expect(gateway.output()).toContain('door_node.given_up');
});

it('lets people out while the log is dead, and nobody in, says that it is not ready, and is whole again when it was started anew', async () => {
  await start();
  await consoleSignIn(gateway, sia);
  await endThread(gateway, 'audit');
  await struckBy('front-in', () => site.readers['front-in'].setInput(1, 'active'));
  await struckBy('vault-in', () => presentAnn('vault-out'));
  await until('the strike has fallen back', 5_000, () => (site.readers['vault-in'].outputs[0] === true ? null : true));

  const denied = new Promise<void>((resolve) => site.readers['vault-in'].onBuzzer(({ count }) => count === 3 && resolve()));
  presentAnn('vault-in');
  await denied;
  expect(site.readers['vault-in'].outputs[0]).toBe(false);
  expect(await release()).toMatchObject({ status: 403, body: { error: { code: 'audit.unavailable' } } });
  const ready = await fetch(`${gateway.url}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([503, { ready: false, log: 'failed', doors: 'ok' }]);

  await gateway.stop();
  site.readers['front-in'].setInput(1, 'inactive');
  await start();
  await struckBy('front-in', () => presentAnn('front-in'));
  expect(await gateway.cli('audit', 'verify')).toMatchObject({ code: 0 });
});

const signInAtWiki = new URLSearchParams({
  client_id: 'wiki',
  response_type: 'code',
  redirect_uri: 'http://localhost:9/callback',
  scope: 'openid',
  state: 'some-state',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
});

it('signs nobody in when nothing of it can be kept, says so, and opens doors all the same', async () => {
  await endThread(gateway, 'oidc');
  const ready = await until('the gateway says that it is not ready', 5_000, async () => {
    const answer = await fetch(`${gateway.url}/readyz`);
    return answer.status === 200 ? null : answer;
  });
  expect([ready.status, await ready.json()]).toMatchObject([503, { ready: false, store: 'failed', log: 'ok', doors: 'ok' }]);
  expect(gateway.output()).toContain('store.unavailable');
  await struckBy('front-in', () => presentAnn('front-in'));
  const refused = await fetch(`${gateway.url}/oidc/auth?${signInAtWiki.toString()}`, { redirect: 'manual' });
  expect([refused.status, refused.headers.get('location')]).toEqual([500, null]);

  await gateway.stop();
  await start();
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
});
