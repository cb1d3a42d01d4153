import { expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryPresenceStore } from '#adapters/memory/presence-store.ts';
import { catchUpPresence, presenceOf } from '#gateway/app/presence/project-presence.ts';
import type { AuditRecordOf } from '#gateway/domain/audit/record.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { AUDIT_READ_MAX } from '#gateway/ports/audit-log.ts';
import { someAlarm } from '#test/support/audit-records.ts';

const presence = (personId: string, change: Partial<AuditRecordOf<'presence'>> = {}): AuditRecordOf<'presence'> => ({
  type: 'presence',
  occurredAtMs: 1_000,
  personId,
  state: 'inside',
  siteId: 'hq',
  areaId: 'building',
  confidence: 'medium',
  cause: 'badge_entry',
  decisionId: null,
  ...change,
});

const createRig = () => ({
  log: createMemoryAuditLog({ clock: { nowMs: () => 2_000, monotonicUs: () => 0 } }),
  presence: createMemoryPresenceStore(),
});

it('reads a presence from its entry with the time of the observation and the place in the log', () => {
  const entry = { seq: 7, arrivedAtMs: 2_000, previousHash: '', hash: '' };
  expect(presenceOf({ ...entry, record: presence('usr_ada') })).toEqual({
    personId: 'usr_ada',
    state: 'inside',
    siteId: 'hq',
    areaId: 'building',
    confidence: 'medium',
    observedAtMs: 1_000,
    sourceSeq: 7,
  });
  expect(presenceOf({ ...entry, record: someAlarm('door.forced') })).toBeNull();
});

it('applies nothing from an empty log', async () => {
  expect((await catchUpPresence(createRig())).size).toBe(0);
});

it('applies what the log has and the table has not, the newest last', async () => {
  const rig = createRig();
  await rig.log.append(presence('usr_ada'));
  await rig.log.append(someAlarm('door.forced'));
  await rig.log.append(presence('usr_bob'));
  await rig.log.append(presence('usr_ada', { state: 'outside', areaId: null }));
  expect([...(await catchUpPresence(rig))].sort()).toEqual(['usr_ada', 'usr_bob']);
  expect(await rig.presence.find('usr_ada' as PersonId)).toMatchObject({ state: 'outside', sourceSeq: 4 });
  expect(await rig.presence.find('usr_bob' as PersonId)).toMatchObject({ state: 'inside', sourceSeq: 3 });
});

it('begins behind the newest that is in the table, and is done when run again', async () => {
  const rig = createRig();
  await rig.log.append(presence('usr_ada'));
  await catchUpPresence(rig);
  await rig.log.append(presence('usr_bob'));
  expect((await catchUpPresence(rig)).size).toBe(1);
  expect((await catchUpPresence(rig)).size).toBe(0);
});

it.each([AUDIT_READ_MAX, AUDIT_READ_MAX + 1])('reads on where one read of the log ends: %d entries', async (count) => {
  const rig = createRig();
  for (let person = 0; person < count; person += 1) await rig.log.append(presence(`usr_${person}`));
  expect((await catchUpPresence(rig)).size).toBe(count);
});
