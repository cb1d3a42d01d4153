import { afterAll, beforeAll, expect, it } from 'vitest';
import { layOutSite, SITE_CARDS, type ConfiguredSite } from '#test/support/configured-site.ts';
import { untilLogged, untilReadersAnswer } from '#test/support/gateway-log.ts';
import { startGateway, type RunningGateway } from '#test/support/running-gateway.ts';

let site: ConfiguredSite;
let gateway: RunningGateway;
let seen = 0;

beforeAll(async () => {
  site = await layOutSite();
  gateway = await startGateway(site.process);
  await untilReadersAnswer(gateway);
}, 180_000);
afterAll(async () => {
  await gateway?.kill();
  await site?.remove();
});

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

async function data(...args: readonly string[]) {
  const { code, stdout, stderr } = await gateway.cli('policy', 'data', ...args);
  return { code, text: `${stdout}${stderr}` };
}

it('decides by the changed data at the next badge, in the thread of the doors, and takes it back', async () => {
  expect((await annBadges()).effect).toBe('permit');
  const never = JSON.stringify({ name: 'Never', windows: [], onHolidays: false });
  expect(await data('set', 'schedules', 'never-open', never, '--reason', 'For the test')).toMatchObject({ code: 0 });
  const where = { everywhere: true };
  const closed = JSON.stringify({ policy: 'after_hours', enabled: true, where, parameters: { schedule: 'never-open' } });
  const preview = await data('set', 'library', 'closed', closed, '--preview');
  expect(preview).toMatchObject({ code: 0 });
  expect(preview.text).toContain('"after_hours":[{"groups":[],"schedule":"never-open","allowed_groups":[]}]');
  const raised = await data('set', 'library', 'closed', closed, '--reason', 'Alarm in the yard');
  expect(raised.text).toContain('in force at doors and logins');
  expect(raised.code).toBe(0);
  const denied = await annBadges();
  expect(denied).toMatchObject({ effect: 'deny', reasons: ['time.after_hours'] });
  const changed = await untilLogged(
    gateway,
    'policy_revision',
    (record) => record.type === 'policy_revision' && record.reason === 'Alarm in the yard',
  );
  expect(changed.record).toMatchObject({
    revisionId: 'data',
    revision: denied.dataRevision,
    operatorId: 'local',
    reason: 'Alarm in the yard',
  });
  expect((await data('revert', '2', '--reason', 'All clear')).code).toBe(0);
  expect((await annBadges()).effect).toBe('permit');
  expect((await data('history')).text).toMatch(/reverted by local[\s\S]*edited by local[\s\S]*imported by local/);
}, 180_000);

it('names the field of what cannot be', async () => {
  const refused = await data('set', 'threats', 'area:moon', '{"level":1,"untilMs":null,"note":""}', '--reason', 'why not');
  expect(refused.code).not.toBe(0);
  expect(refused.text).toContain('changes.0.id');
}, 60_000);
