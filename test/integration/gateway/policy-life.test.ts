import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditRecord } from '#gateway/domain/audit/record.ts';
import type { Explanation } from '#gateway/domain/policy/explanation.ts';
import { statusSchema } from '#gateway/http/contract/admin.ts';
import { revisionResultSchema, revisionsSchema, type ImpactJobView, type RevisionResult } from '#gateway/http/contract/policy.ts';
import { openRecordsFile } from '#test/support/sqlite-records.ts';
import { layOutSite, SITE_CARDS, type ConfiguredSite } from '#test/support/configured-site.ts';
import { readLog, untilLogged, untilReadersAnswer } from '#test/support/gateway-log.ts';
import { draftFolder } from '#test/support/policy/draft.ts';
import { consoleSignIn, enrolAt } from '#test/support/oidc/running-sign-in.ts';
import type { Enrolled } from '#test/support/oidc/sign-in.ts';
import { startGateway, type RunningGateway } from '#test/support/running-gateway.ts';

/** The tests follow one another: each begins with the gateway as the one before has left it. */
let site: ConfiguredSite;
let gateway: RunningGateway;
let sia: Enrolled;
let night: string;
let seen = 0;

beforeAll(async () => {
  site = await layOutSite();
  await start();
  sia = await enrolAt(gateway, 'usr_sia');
  await consoleSignIn(gateway, sia);
}, 120_000);
afterAll(async () => {
  await gateway?.kill();
  await site?.remove();
});

/** In explanations and in the log alike. */
const MASKED_BADGE = { context: expect.objectContaining({ credential: expect.objectContaining({ id: '(masked)' }) as object }) as object };

async function start(): Promise<void> {
  gateway = await startGateway(site.process);
  await untilReadersAnswer(gateway);
}

/** Ann badges at the street door; the decision that came of it. */
async function annBadges() {
  site.readers['front-in'].presentCard(SITE_CARDS.ann.bits, SITE_CARDS.ann.bitCount);
  const entry = await untilLogged(
    gateway,
    'decision',
    (record, seq) => seq > seen && record.type === 'decision' && record.personId === 'usr_ann' && record.action === 'door.unlock',
  );
  seen = entry.seq;
  if (entry.record.type !== 'decision') throw new TypeError('only decisions were asked for');
  return entry.record;
}

async function cli(...args: readonly string[]) {
  const { code, stdout, stderr } = await gateway.cli(...args);
  const answer: unknown = args.includes('--json') ? JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null') : null;
  return { code, stdout, stderr, answer };
}

const revisions = () => gateway.api.get('/api/policy/revisions', revisionsSchema);
const policyRevision = async () => (await gateway.api.get('/api/status', statusSchema)).policyRevision;
const newest = async () => (await revisions()).revisions[0];

/** Whoever is at work now is the night shift of this test. */
const NIGHT_RULE = `
# METADATA
# title: Night
# description: Nobody enters at night.
door_reasons contains "grant.outside_schedule" if not by_day

by_day if input.context.time.epoch_ms == 1
`;

it('has what came with the program in force from its first start, as a revision', async () => {
  const { revisions: all, activations } = await revisions();
  expect(all).toMatchObject([{ state: 'active', authorId: 'gatehouse' }]);
  expect(activations).toMatchObject([{ number: 1, revision: await policyRevision() }]);
});

it('shows before anything is published that a draft would lock out the night shift, with person, door and line', async () => {
  const before = await annBadges();
  expect(before.effect).toBe('permit');
  night = await draftFolder(NIGHT_RULE);
  const checked = await cli('policy', 'check', night, '--json');
  expect([checked.code, checked.stderr]).toEqual([0, expect.stringContaining('is draft rev_')]);
  const { code, answer } = await cli('policy', 'impact', night, '--json');
  const { report } = answer as ImpactJobView;
  expect(code).toBe(0);
  expect(report).toMatchObject({ skipped: { data_missing: 0 }, engineCheck: { differences: 0 } });
  expect(report?.byPerson.groups).toMatchObject([{ key: 'usr_ann', kinds: { permit_to_deny: 1 } }]);
  expect(report?.byDoor.groups).toMatchObject([{ key: 'front', flips: 1 }]);
  const [line] = report?.byLine.groups ?? [];
  expect(line?.cause).toMatchObject({ side: 'draft', file: 'access/doors.rego', text: expect.stringMatching(/by_day/) as string });
  expect((await annBadges()).effect).toBe('permit');
});

it('refuses to publish what nobody but its author has seen', async () => {
  const id = (await newest())?.id ?? '';
  const own = await cli('policy', 'approve', id, '--reason', 'I wrote it myself');
  expect([own.code, own.stderr]).toEqual([1, expect.stringContaining('operator.same_person')]);
  const unsigned = await cli('policy', 'publish', id, '--reason', 'Now');
  expect(unsigned.code).toBe(1);
});

it('publishes in an emergency with an alarm, decides by it at doors and logins, explains, and goes back in one action', async () => {
  const shipped = await policyRevision();
  const id = (await newest())?.id ?? '';
  const inHaste = ['policy', 'publish', id, '--emergency', '--shadow', '--reason', 'Somebody is in the vault', '--json'];
  expect(await cli(...inHaste)).toMatchObject({ code: 1, stderr: expect.stringContaining('have not run') as string });
  const beside = await cli(...inHaste, '--despite-tests');
  expect(beside).toMatchObject({ code: 0, answer: { revision: { state: 'shadow' } } });
  expect(await annBadges()).toMatchObject({ effect: 'permit', policyRevision: shipped });
  const { record: disagreed } = await untilLogged(
    gateway,
    'policy_revision',
    (record) => 'event' in record && record.event === 'shadow_disagreed',
  );
  expect(disagreed).toMatchObject({
    revisionId: id,
    detail: expect.stringContaining('permit_to_deny door.unlock usr_ann front') as string,
  });
  const shadow = (await cli('policy', 'shadow', '--json')).answer;
  expect(shadow).toMatchObject({ revisionId: id, points: { doors: { differences: 1, failures: 0, dropped: 0 } } });
  await gateway.stop();
  await start();
  expect((await cli('policy', 'shadow', '--json')).answer).toMatchObject({ revisionId: id, points: { doors: { compared: 0 } } });
  expect((await annBadges()).effect).toBe('permit');
  await expect
    .poll(async () => (await cli('policy', 'shadow', '--json')).answer, { timeout: 15_000 })
    .toMatchObject({ points: { doors: { differences: 1 } } });

  const published = await cli('policy', 'publish', id, '--reason', 'Somebody is in the vault', '--json');
  expect(published).toMatchObject({ code: 0, answer: { revision: { state: 'active', emergency: { operatorId: 'local' } } } });
  const alarms = await readLog(gateway, 'alarm');
  expect(alarms.map(({ record }) => record)).toContainEqual(
    expect.objectContaining({ type: 'alarm', code: 'policy.emergency_publish', sourceId: id }),
  );
  expect(alarms.map(({ record }) => record)).toContainEqual(
    expect.objectContaining({ type: 'alarm', code: 'policy.published_despite_tests', sourceId: id }),
  );
  const denied = await annBadges();
  expect(denied).toMatchObject({ effect: 'deny', reasons: ['grant.outside_schedule'], policyRevision: await policyRevision() });
  const explained = (await cli('policy', 'explain', denied.decisionId, '--json')).answer as Explanation;
  expect(explained).toMatchObject({ rerun: 'same', enginesAgree: true, missing: [] });
  expect(explained.rules).toMatchObject([{ code: 'grant.outside_schedule', title: 'Night', description: 'Nobody enters at night.' }]);
  expect(explained.masked).toContain('context.credential.id');
  expect([explained.input, denied.input]).toEqual([expect.objectContaining(MASKED_BADGE), expect.objectContaining(MASKED_BADGE)]);

  const back = await cli('policy', 'rollback', '--reason', 'The vault was empty');
  expect(back).toMatchObject({ code: 0, stderr: expect.stringMatching(new RegExp(`rev_shipped.* comes back instead of ${id}`)) as string });
  expect(await policyRevision()).toBe(shipped);
  expect(await cli('policy', 'rollback', '--reason', 'Once more')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no revision to go back to') as string,
  });
  expect(await policyRevision()).toBe(shipped);
  expect(await annBadges()).toMatchObject({ effect: 'permit', policyRevision: shipped });
  const events = (await readLog(gateway, 'policy_revision')).flatMap(({ record }) =>
    record.type === 'policy_revision' ? [record.event] : [],
  );
  expect(
    events
      .filter((event) => event === 'activated' || event === 'rolled_back')
      .slice(-2)
      .sort(),
  ).toEqual(['activated', 'rolled_back']);
});

it('takes a revision through tests, approval by a second person, signature and activation', async () => {
  const folder = await draftFolder('# The same policy with one more remark.');
  expect(await cli('policy', 'test', folder)).toMatchObject({ code: 0, stdout: expect.stringContaining(' 0 failed') as string });
  const draft = await newest();
  expect(draft).toMatchObject({ state: 'tested' });
  const early = await cli('policy', 'publish', draft?.id ?? '', '--reason', 'Now');
  expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining(`gatehouse policy impact ${draft?.id ?? ''}`) as string });
  const impact = await cli('policy', 'impact', draft?.id ?? '', '--json');
  expect((impact.answer as ImpactJobView).report?.flips).toBeGreaterThan(0); // The night of before was recorded under another policy.
  const path = `${gateway.url}/api/policy/revisions/${draft?.id ?? ''}/approve`;
  const wrong = await sia.browser.call(path, { reason: 'Read it', revision: 'a'.repeat(64) });
  expect(wrong.status).toBe(409);
  const approved = await sia.browser.call<RevisionResult>(path, { reason: 'Read it', revision: (await newest())?.revision });
  expect(approved).toMatchObject({ status: 200, body: { revision: { state: 'approved', approval: { operatorId: 'usr_sia' } } } });
  const published = await cli('policy', 'publish', draft?.id ?? '', '--reason', 'Read by two', '--json');
  expect(published).toMatchObject({ code: 0, answer: { revision: { state: 'active', emergency: null } } });
  expect((await annBadges()).effect).toBe('permit');
});

it.each([
  [
    'that loops',
    'loops := [1 | some i in numbers.range(1, 3000); some j in numbers.range(1, 3000); i + j == 0]\n\ndoor_reasons contains "door.locked_down" if count(loops) > 0',
  ],
  ['that takes all memory', 'greedy := numbers.range(1, 400000000)\n\ndoor_reasons contains "door.locked_down" if count(greedy) == 0'],
  [
    'that contradicts itself',
    'twice := 1 if unlocking\n\ntwice := 2 if input.resource.type == "door"\n\ndoor_reasons contains "door.locked_down" if twice == 3',
  ],
  ['of no syntax', 'door_reasons contains if if'],
])('names the place in a draft %s, and goes on deciding', async (_what, rego) => {
  const before = await policyRevision();
  const folder = await draftFolder(rego);
  const { code, stdout } = await gateway.cli('policy', 'check', folder);
  const text = await readFile(join(folder, 'access/doors.rego'), 'utf8');
  const places = [...stdout.matchAll(/access\/doors\.rego:(\d+):\d+ error/g)].map(([, row]) => Number(row));
  expect([code, places.length > 0]).toEqual([1, true]);
  expect(Math.max(...places)).toBeGreaterThan(text.split('\n').length - rego.split('\n').length - 3);
  expect(await policyRevision()).toBe(before);
  expect((await annBadges()).effect).toBe('permit');
});

it('is left with one policy everywhere by a kill in the middle of an activation', async () => {
  for (const afterMs of [2, 10, 30, 60]) {
    const { activations } = await revisions();
    const back = activations.find(({ revisionId }) => revisionId !== activations[0]?.revisionId)?.revisionId;
    const body = { reason: 'Back and forth', revisionId: back ?? null };
    const activating = gateway.api.post('/api/policy/rollback', body, revisionResultSchema).catch(() => null);
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await gateway.kill();
    await activating;
    await start();
    const after = await revisions();
    const revision = await policyRevision();
    expect(after.activations[0]?.revision).toBe(revision);
    expect(after.revisions.filter(({ state }) => state === 'active').map(({ id }) => id)).toEqual([after.activations[0]?.revisionId]);
    expect((await annBadges()).policyRevision).toBe(revision);
  }
});

it('stays with what was brought into force when the stored pointer was moved back beside it, and raises an alarm', async () => {
  const { activations } = await revisions();
  const inForce = await policyRevision();
  const older = activations.find(({ revision }) => revision !== inForce);
  if (older === undefined) throw new TypeError('another one was in force before');
  await gateway.stop();
  const db = await openRecordsFile(join(site.process.dataDir, 'records.db'));
  const last = await db.selectFrom('policy_activations').selectAll().orderBy('number', 'desc').limit(1).executeTakeFirstOrThrow();
  const { revisionId, revision } = older;
  await db
    .insertInto('policy_activations')
    .values({ ...last, number: last.number + 1, revision_id: revisionId, revision })
    .execute();
  await start();
  const moved = (record: AuditRecord) =>
    record.type === 'alarm' && record.code === 'policy.pointer_moved' && record.sourceId === older.revisionId;
  await untilLogged(gateway, 'alarm', moved);
  expect(await policyRevision()).toBe(inForce);
  // What is shown as active is what decides.
  expect((await revisions()).activations[0]?.revision).toBe(inForce);
  expect((await annBadges()).policyRevision).toBe(inForce);
  await db
    .deleteFrom('policy_activations')
    .where('number', '=', last.number + 1)
    .execute();
  await db.destroy();
});

it('never loads a bundle whose signature is wrong: an alarm, and the revision before is in force', async () => {
  const { activations } = await revisions();
  const [active] = activations;
  await gateway.stop();
  const db = await openRecordsFile(join(site.process.dataDir, 'records.db'));
  const row = await db
    .selectFrom('policy_revisions')
    .selectAll()
    .where('id', '=', active?.revisionId ?? '')
    .executeTakeFirstOrThrow();
  const detail = JSON.parse(row.detail_json) as { signature: { signature: string } };
  detail.signature.signature = `${detail.signature.signature.startsWith('A') ? 'B' : 'A'}${detail.signature.signature.slice(1)}`;
  await db
    .updateTable('policy_revisions')
    .set({ detail_json: JSON.stringify(detail) })
    .where('id', '=', row.id)
    .execute();
  await db.destroy();
  await start();
  expect(await policyRevision()).not.toBe(active?.revision);
  await untilLogged(gateway, 'alarm', (record) => record.type === 'alarm' && record.code === 'policy.signature_invalid');
  expect((await annBadges()).policyRevision).toBe(await policyRevision());
});
