import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqlite } from '#adapters/sqlite/node-sqlite.ts';
import { dataFiles, openRecords } from '#gateway/compose-records.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { peopleSchema, personDetailSchema, suspendResultSchema } from '#gateway/http/contract/admin.ts';
import { demoBadgeResultSchema, demoSchema } from '#gateway/http/contract/demo.ts';
import { readWholeLog, untilReadersAnswer } from '#test/support/gateway-log.ts';
import {
  freePort,
  runGatewayToItsEnd,
  startGateway,
  until,
  type GatewayProcess,
  type RunningGateway,
} from '#test/support/running-gateway.ts';
import { consoleSignIn, enrolAt, signInToDemoApp } from '#test/support/oidc/running-sign-in.ts';

/** Longest time of load before a kill, ms; the moment itself is drawn anew in every round. */
const LOAD_MS_MAX = 900;
/** A suspension takes about so long: some kills come before, some in the middle of it, some after, ms. */
const SUSPENSION_MS = 60;
/** A person at one reader: faster hands are refused as a card flood. */
const BADGE_PAUSE_MS = 110;
const WALKERS = [
  { personId: 'usr_grace', readers: ['hq-main-in', 'hq-main-out'] },
  { personId: 'usr_milo', readers: ['lis-main-in', 'lis-main-out'] },
  { personId: 'usr_liam', readers: ['lis-clean-in', 'lis-clean-out'] },
  // Has no grant for it: denials must be in the log like permits.
  { personId: 'usr_tess', readers: ['hq-dock-in', 'hq-dock-in'] },
] as const;
const VICTIMS = ['usr_omar', 'usr_vera', 'usr_liam'] as const;

let options: GatewayProcess;
let gateway: RunningGateway;

beforeAll(async () => {
  options = { dataDir: mkdtempSync(join(tmpdir(), 'gatehouse-crash-')), port: await freePort() };
  await start();
});
afterAll(async () => {
  await gateway?.kill();
  rmSync(options.dataDir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  gateway = await startGateway(options);
  await untilReadersAnswer(gateway);
}

const pause = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));
const badge = (personId: string, readerId: string, walkThrough = true) =>
  gateway.api.post('/api/demo/badge', { personId, readerId, walkThrough }, demoBadgeResultSchema);
const suspend = (personId: string) => gateway.api.post(`/api/people/${personId}/suspend`, { reason: 'Kill test' }, suspendResultSchema);

/** What the gateway had acknowledged when it was killed. */
interface Acknowledged {
  readonly decisionIds: readonly string[];
  readonly suspended: boolean;
}

/** Badges at four readers at once and one suspension; the gateway is killed in the middle of it. */
async function loadAndKill(victim: string): Promise<Acknowledged> {
  const decisionIds: string[] = [];
  let isKilled = false;
  let suspended = false;
  const walk = async ({ personId, readers }: (typeof WALKERS)[number]): Promise<void> => {
    for (let turn = 0; !isKilled; turn += 1) {
      const answer = await badge(personId, readers[turn % 2] ?? readers[0]).catch(() => null);
      if (answer?.decisionId != null) decisionIds.push(answer.decisionId);
      await pause(BADGE_PAUSE_MS);
    }
  };
  const load = WALKERS.map(walk);
  await until('the first badge is acknowledged', 10_000, () => (decisionIds.length > 0 ? true : null));
  const killAfterMs = Math.random() * LOAD_MS_MAX;
  const suspending = pause(Math.max(0, killAfterMs - Math.random() * SUSPENSION_MS))
    .then(() => suspend(victim))
    .then(
      ({ decisionId }) => {
        decisionIds.push(decisionId);
        suspended = true;
      },
      () => undefined,
    );
  await pause(killAfterMs);
  await gateway.kill();
  isKilled = true;
  await Promise.all([...load, suspending]);
  return { decisionIds, suspended };
}

/** Where the log says that everybody is, and where the gateway believes them to be. */
async function presences(): Promise<{ readonly logged: Record<string, string>; readonly believed: Record<string, string> }> {
  const logged: Record<string, string> = {};
  for (const { record } of await readWholeLog(gateway, 'presence')) {
    if (record.type === 'presence') logged[record.personId] = `${record.state} ${record.areaId ?? ''}`;
  }
  const { people } = await gateway.api.get('/api/people', peopleSchema);
  const believed = people.flatMap(({ id, presence }) => (presence === null ? [] : [[id, `${presence.state} ${presence.areaId ?? ''}`]]));
  return { logged, believed: Object.fromEntries(believed) as Record<string, string> };
}

it.each(VICTIMS)('loses nothing that it has acknowledged when it is killed at any moment (round of %s)', async (victim) => {
  const { decisionIds, suspended } = await loadAndKill(victim);
  // Killed while it starts, too: that is a moment like any other.
  await runGatewayToItsEnd(options, 200 + Math.random() * 900);
  await start();

  const verified = await gateway.cli('audit', 'verify');
  expect(verified).toMatchObject({ code: 0 });
  const inLog = new Set(
    (await readWholeLog(gateway, 'decision')).flatMap(({ record }) => (record.type === 'decision' ? [record.decisionId] : [])),
  );
  expect(decisionIds.filter((id) => !inLog.has(id))).toEqual([]);
  expect(decisionIds.length).toBeGreaterThan(0);
  const { person } = await gateway.api.get(`/api/people/${victim}`, personDetailSchema);
  if (suspended) expect(person.standing).toBe('suspended');
  if (person.standing === 'suspended') {
    expect(await badge(victim, 'hq-main-in')).toMatchObject({ outcome: 'denied', reasons: ['subject.suspended'] });
  }
  const { logged, believed } = await presences();
  expect(believed).toEqual(logged);
});

it('puts its belief about where people are in order from the log', async () => {
  await badge('usr_nina', 'hq-main-in');
  await until('nina is in the log', 5_000, async () => ((await presences()).logged['usr_nina'] === undefined ? null : true));
  await gateway.kill();
  // As if it had been killed after the log's sync and before the projection.
  const database = await openSqlite(dataFiles(options.dataDir).records);
  database.exec('DELETE FROM presences WHERE source_seq >= (SELECT MAX(source_seq) FROM presences)');
  database.close();
  await start();
  const { logged, believed } = await presences();
  expect(believed).toEqual(logged);
});

const suspensionReceipts = async () =>
  (await readWholeLog(gateway, 'revocation_receipt')).flatMap(({ record }) => (record.type === 'revocation_receipt' ? [record] : []));

it('ends at its start what a suspension had not ended when it was killed', async () => {
  const { apps } = await gateway.api.get('/api/demo', demoSchema);
  const wiki = apps.find(({ id }) => id === 'wiki')?.url ?? expect.fail();
  const serverConsole = apps.find(({ id }) => id === 'server-console')?.url ?? expect.fail();
  const grace = await enrolAt(gateway, 'usr_grace');
  await consoleSignIn(gateway, grace);
  expect(await signInToDemoApp(gateway, grace, wiki)).toMatchObject({ outcome: 'signed_in' });
  // Signed in at the gateway, and refused at the only app that was asked for: a session of no app.
  const tess = await enrolAt(gateway, 'usr_tess');
  expect(await signInToDemoApp(gateway, tess, serverConsole)).toMatchObject({ outcome: 'asked', view: { prompt: 'denied' } });
  const before = await suspensionReceipts();
  await gateway.kill();

  // As if it had been killed between the fence and the closing.
  const closed = ['usr_grace', 'usr_tess'] as PersonId[];
  const fence = await openRecords(options.dataDir);
  for (const personId of closed) await fence.people.changeStanding({ personId, to: 'suspended', nowMs: Date.now() });
  await fence.close();
  await start();
  const receipts = await until('both have a receipt', 10_000, async () => {
    const found = await suspensionReceipts();
    return found.length >= before.length + closed.length ? found : null;
  });

  const { sessions } = await gateway.api.get('/api/people/usr_grace', personDetailSchema);
  expect(sessions).toEqual([]);
  const { body } = await grace.browser.call(`${gateway.url}/api/session`);
  expect(body).toMatchObject({ person: null });
  const records = await openRecords(options.dataDir);
  const left = await Promise.all(
    closed.flatMap((personId) =>
      ['Session', 'Grant', 'AccessToken', 'RefreshToken'].map((model) => records.oidc.ofPerson(model, personId, Date.now())),
    ),
  );
  await records.close();
  expect(left.flat()).toEqual([]);
  expect(receipts.slice(-2).map(({ personId }) => personId)).toEqual(expect.arrayContaining(closed));
  // The demo's apps fetch the gateway's keys before they believe a logout token: it must be listening when it sends one.
  const told = receipts.find(({ personId }) => personId === 'usr_grace')?.targets.find(({ target }) => target === 'app_logout');
  expect(told).toMatchObject({ count: 1, acknowledgedAtMs: expect.any(Number) as unknown });
});

it('writes no receipt at its start for those of whom nothing was left', async () => {
  const before = await readWholeLog(gateway, 'revocation_receipt');
  await gateway.kill();
  await start();
  expect(await readWholeLog(gateway, 'revocation_receipt')).toHaveLength(before.length);
});

it('stops in order when it is asked to, with the log whole to the end', async () => {
  expect(await gateway.stop()).toBe(0);
  const { code, stdout } = await gateway.cli('audit', 'verify', '--json');
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { ok: true }]);
});
