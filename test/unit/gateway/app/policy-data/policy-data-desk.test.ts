import { expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createPolicyDataDesk } from '#gateway/app/policy-data/policy-data-desk.ts';
import type { ItemChange } from '#gateway/app/policy-data/types.ts';
import type { Operator } from '#gateway/app/access/types.ts';
import { denyBecause, type Decision } from '#gateway/domain/access/decision.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import type { DecisionId, GrantId, PersonId, ProfileId } from '#gateway/domain/site/ids.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';
import { SAMPLE_NOW_MS, samplePerson } from '#test/support/sample-input.ts';

const ALWAYS = { weekdays: [1, 2, 3, 4, 5, 6, 7], from_minute: 0, until_minute: 1_440, on_holidays: true };
const HOUR_MS = 3_600_000;
const operator: Operator = { id: 'otto' as PersonId, channel: 'console', ip: null, authentication: null };
const [door] = sampleInstallation.doors;
const [area] = sampleInstallation.areas;
if (door === undefined || area === undefined) throw new TypeError('the sample has doors and areas');

const profile: ItemChange = { part: 'profiles', id: 'office', value: { name: 'Office', resources: [{ kind: 'door', id: door.id }] } };
const grant: ItemChange = {
  part: 'grants',
  id: 'g1',
  value: {
    profileId: 'office',
    holder: { kind: 'person', id: samplePerson.id },
    schedule: 'always',
    validFromMs: null,
    validUntilMs: null,
    reason: 'works here',
  },
};
const exception = (untilMs: number): ItemChange => ({
  part: 'exceptions',
  id: 'e1',
  value: {
    personId: samplePerson.id,
    resource: { kind: 'door', id: door.id },
    relaxes: ['grant.outside_schedule'],
    fromMs: SAMPLE_NOW_MS,
    untilMs,
    reason: 'stands in',
  },
});

async function createRig() {
  const stores = createMemoryStores();
  await stores.people.save(samplePerson);
  const rig = { nowMs: SAMPLE_NOW_MS, applied: 0, asked: [] as string[], verdict: 'permit' as 'permit' | 'deny' };
  const clock = { nowMs: () => rig.nowMs, monotonicUs: () => rig.nowMs * 1_000 };
  const audit = createMemoryAuditLog({ clock });
  const desk = createPolicyDataDesk({
    store: stores.policyData,
    file: { schedules: { always: ALWAYS }, holidays: new Map() },
    sites: createSiteMap(sampleInstallation),
    people: stores.people,
    audit,
    clock,
    authorizeOperator: async ({ action }): Promise<Decision> => {
      rig.asked.push(action);
      const stamp = { id: 'dec_1' as DecisionId, policyRevision: 'r', epoch: 0 };
      if (rig.verdict === 'deny') return denyBecause(stamp, 'operator.not_authorized');
      return { ...stamp, effect: 'permit', permits: ['operator.granted'], obligations: [], ttlS: 0 };
    },
    apply: async () => void (rig.applied += 1),
  });
  const change = (baseVersion: number, ...changes: ItemChange[]) => desk.change({ baseVersion, changes, operator, reason: 'because' });
  const records: string[] = [];
  audit.subscribe(({ record }) => record.type === 'policy_revision' && records.push(record.event));
  return { ...stores, rig, desk, change, records };
}

it('brings a change into force, keeps it as a version and records who made it why', async () => {
  const { change, desk, rig, records, grants } = await createRig();
  const changed = await change(0, profile, grant);
  expect(changed).toMatchObject({
    ok: true,
    version: { version: 1, operatorId: 'otto', reason: 'because', opens: true, decisionId: 'dec_1', changeCount: 2 },
  });
  expect(rig).toMatchObject({ applied: 1, asked: ['policy.data_open'] });
  expect(records).toEqual(['data_changed']);
  expect((await desk.seen()).gatehouse.grants).toHaveProperty(`person:${samplePerson.id}`);
  expect(await grants.grants()).toHaveLength(1);
});

it('refuses what was made on another version', async () => {
  const { change, rig } = await createRig();
  await change(0, profile);
  expect(await change(0, grant)).toEqual({ ok: false, code: 'data.changed_meanwhile' });
  expect(rig.applied).toBe(1);
});

it('changes nothing when the policy denies it', async () => {
  const { change, desk, rig } = await createRig();
  rig.verdict = 'deny';
  expect(await change(0, profile)).toMatchObject({ ok: false, code: 'request.forbidden' });
  expect((await desk.current()).version).toBe(0);
  expect(rig.applied).toBe(0);
});

it('asks for less where a change only keeps people out', async () => {
  const { change, rig } = await createRig();
  await change(0, profile, grant);
  await change(1, { part: 'grants', id: 'g1', value: null });
  await change(2, { part: 'threats', id: 'global', value: { level: 3, untilMs: null, note: '' } });
  await change(3, { part: 'threats', id: 'global', value: { level: 2, untilMs: null, note: '' } });
  expect(rig.asked).toEqual(['policy.data_open', 'policy.data_edit', 'policy.threat_raise', 'policy.data_open']);
});

it.each<[string, ItemChange, string]>([
  ['a profile that does not exist', { ...grant, id: 'g9' }, 'changes.0.value.profileId'],
  ['a threat level of no place', { part: 'threats', id: 'area:moon', value: { level: 1, untilMs: null, note: '' } }, 'changes.0.id'],
  [
    'a schedule that every configuration has',
    { part: 'schedules', id: 'always', value: { name: '', windows: [], onHolidays: false } },
    'changes.0.id',
  ],
  ['an exception that is over', exception(SAMPLE_NOW_MS), 'changes.0.value.untilMs'],
  [
    'a holiday under another name',
    { part: 'holidays', id: 'x', value: { siteId: area.siteId, date: '2026-12-25', name: '' } },
    'changes.0.id',
  ],
  [
    'a ready policy without a place',
    {
      part: 'library',
      id: 'l1',
      value: {
        policy: 'two_person',
        enabled: true,
        where: { everywhere: false, sites: [], areas: [], doors: [], apps: [], vpnRealms: [], groups: [] },
        parameters: { withinS: 20 },
      },
    },
    'changes.0.value.where',
  ],
])('names the field that refers to %s', async (_what, change, path) => {
  const { desk } = await createRig();
  const planned = await desk.plan({ baseVersion: 0, changes: [change] });
  expect(planned).toMatchObject({ ok: false, code: 'data.invalid', problems: [{ path }] });
});

it('keeps a profile that is still granted', async () => {
  const { change } = await createRig();
  await change(0, profile, grant);
  expect(await change(1, { part: 'profiles', id: 'office', value: null })).toMatchObject({
    ok: false,
    problems: [{ path: 'changes.0.id' }],
  });
});

it('goes back to an earlier version as a new one, without the exceptions that are over', async () => {
  const { change, desk, rig, records } = await createRig();
  await change(0, profile, grant);
  await change(1, exception(SAMPLE_NOW_MS + HOUR_MS));
  await change(2, { part: 'grants', id: 'g1', value: null });
  rig.nowMs += 2 * HOUR_MS;
  expect(await desk.revert({ baseVersion: 3, toVersion: 2, operator, reason: 'mistake' })).toMatchObject({
    ok: true,
    version: { version: 4, origin: 'reverted' },
  });
  const { document } = await desk.current();
  expect(document.exceptions).toEqual({});
  expect(Object.keys(document.grants)).toEqual(['g1']);
  expect(records.at(-1)).toBe('data_reverted');
  expect(await desk.diff(2, 4)).toMatchObject([{ part: 'exceptions', id: 'e1', kind: 'removed', opens: false }]);
});

it('makes a version of what was imported beside it', async () => {
  const { desk, grants, records } = await createRig();
  await grants.saveProfile({ id: 'lab' as ProfileId, name: 'Lab', resources: [] });
  await grants.saveGrant({
    id: 'g7' as GrantId,
    profileId: 'lab' as ProfileId,
    holder: { kind: 'group', id: 'x' },
    schedule: 'always',
    validFromMs: null,
    validUntilMs: null,
    reason: '',
  });
  expect(await desk.absorbImport()).toBe(true);
  expect(await desk.absorbImport()).toBe(false);
  expect(await desk.versions({ before: null, limit: 5 })).toMatchObject([
    { version: 1, origin: 'imported', operatorId: 'local', changeCount: 2 },
  ]);
  expect(records).toEqual(['data_imported']);
});

it('makes a hundred changes of one part as if they came one after the other, the last of an id being what it is', async () => {
  const { change, desk } = await createRig();
  const level = (value: number): ItemChange => ({ part: 'areas', id: area.id, value: { securityLevel: value } });
  const many = Array.from({ length: 100 }, (_, index) => level(index % 5));
  await change(0, profile, ...many, { part: 'areas', id: area.id, value: null }, level(3));
  const { document } = await desk.current();
  expect(document.areas).toEqual({ [area.id]: { securityLevel: 3 } });
  expect(Object.keys(document.profiles)).toEqual(['office']);
});
