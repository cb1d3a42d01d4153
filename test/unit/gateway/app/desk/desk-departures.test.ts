import { describe, expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { DeskDepartures } from '#gateway/app/desk/desk-departures.ts';
import { GATEWAY_ITSELF } from '#gateway/app/revocation/restrict.ts';
import type { DeskDevice } from '#gateway/domain/desk/desk-device.ts';
import { CLOSED_ACCOUNT_LIFE_MS } from '#gateway/domain/people/leaver.ts';
import type { Standing } from '#gateway/domain/people/person.ts';
import { someDeskDevice } from '#test/support/desk/devices.ts';
import { personId, somePerson } from '#test/support/people.ts';
import { changeStanding } from '#test/support/standing-change.ts';

const START_MS = 1_760_000_000_000;
const ANN = personId('ann');
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function rig() {
  let nowMs = START_MS;
  const clock = { nowMs: () => nowMs, monotonicUs: () => nowMs * 1_000 };
  const { deskDevices: devices, people } = createMemoryStores();
  const audit = createMemoryAuditLog({ clock });
  const [revoked, failures]: [string[], unknown[]] = [[], []];
  let broken: Error | null = null;
  const revokeDesk = {
    revoke: async (
      { id }: DeskDevice,
      { because, operatorId }: { operatorId: string; because: NonNullable<DeskDevice['revocation']>['because'] },
    ) => {
      if (broken !== null) throw broken;
      revoked.push(`${id} by ${operatorId}: ${because}`);
      await devices.revoke(id, { atMs: nowMs, because });
      return { sessions: 0, logoutTokensSent: 0, logoutTokensAcknowledged: 0, residual: [] };
    },
  };
  const departures = new DeskDepartures({
    devices,
    people,
    revokeDesk,
    audit,
    reader: audit,
    clock,
    onFailure: (failure) => void failures.push(failure),
  });
  const enrol = async (owner: string, id: string): Promise<void> => {
    if ((await people.find(personId(owner))) === null) await people.save(somePerson(owner));
    await devices.add(someDeskDevice(id, { personId: personId(owner) }));
  };
  const becomes = async (to: Standing): Promise<void> => {
    await changeStanding({ people, audit }, { personId: ANN, to, nowMs });
    for (let turns = 0; turns < 5; turns += 1) await turn();
  };
  return {
    audit,
    becomes,
    breaks: (failure: Error | null) => (broken = failure),
    departures,
    devices,
    enrol,
    failures,
    pass: (ms: number) => (nowMs += ms),
    people,
    revoked,
  };
}

describe('the computers of somebody who leaves', () => {
  it('are revoked the moment the log says so, all of theirs and nobody else’s', async () => {
    const { becomes, departures, devices, enrol, failures, revoked } = await rig();
    const end = departures.follow();
    await enrol('ann', 'dsk_1');
    await enrol('ann', 'dsk_2');
    await enrol('ben', 'dsk_3');
    await becomes('departed');
    expect(revoked).toEqual([`dsk_1 by ${GATEWAY_ITSELF}: departed`, `dsk_2 by ${GATEWAY_ITSELF}: departed`]);
    expect(await devices.owners()).toEqual([personId('ben')]);
    expect(failures).toEqual([]);
    end();
    await enrol('ann', 'dsk_4');
    await becomes('departed');
    expect(revoked).toHaveLength(2);
  });

  it('are revoked when the person’s row is removed at the host', async () => {
    const { audit, departures, enrol, revoked } = await rig();
    departures.follow();
    await enrol('ann', 'dsk_1');
    const change = { changeId: 'chg_1', subjectType: 'person', subjectId: ANN, personId: ANN, change: 'removed', changes: [] } as const;
    const digests = { digestBefore: null, digestAfter: null };
    await audit.append({ ...change, ...digests, type: 'directory_change', occurredAtMs: START_MS, changes: [], operatorId: 'local' });
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(revoked).toEqual([`dsk_1 by ${GATEWAY_ITSELF}: departed`]);
  });

  it('are found by a gateway that was down when they left, once', async () => {
    const { becomes, departures, enrol, revoked } = await rig();
    await enrol('ann', 'dsk_1');
    await enrol('ben', 'dsk_2');
    await becomes('departed');
    expect(revoked).toEqual([]);
    expect([await departures.sweep(), await departures.sweep()]).toEqual([1, 0]);
    expect(revoked).toHaveLength(1);
  });

  it('stay theirs while they are suspended for less than 30 days, and after they are reinstated', async () => {
    const { becomes, departures, enrol, pass, revoked } = await rig();
    departures.follow();
    await enrol('ann', 'dsk_1');
    await becomes('suspended');
    pass(CLOSED_ACCOUNT_LIFE_MS - 1);
    expect(await departures.sweep()).toBe(0);
    await becomes('active');
    pass(CLOSED_ACCOUNT_LIFE_MS);
    expect(await departures.sweep()).toBe(0);
    await becomes('suspended');
    pass(CLOSED_ACCOUNT_LIFE_MS);
    expect(await departures.sweep()).toBe(1);
    expect(revoked).toEqual([`dsk_1 by ${GATEWAY_ITSELF}: suspended`]);
  });

  it('are revoked 30 days after the employment ended', async () => {
    const { departures, enrol, pass, people, revoked } = await rig();
    await people.save(somePerson('ann', { employmentEndMs: START_MS }));
    await enrol('ann', 'dsk_1');
    pass(CLOSED_ACCOUNT_LIFE_MS);
    expect(await departures.sweep()).toBe(1);
    expect(revoked).toEqual([`dsk_1 by ${GATEWAY_ITSELF}: employment_ended`]);
  });

  it('are tried again when they could not be revoked, and others meanwhile are', async () => {
    const { becomes, breaks, departures, enrol, failures, revoked } = await rig();
    departures.follow();
    await enrol('ann', 'dsk_1');
    const full = new Error('the disk is full');
    breaks(full);
    await becomes('departed');
    await departures.retry();
    expect([revoked, failures]).toEqual([[], [full, full]]);
    breaks(null);
    await departures.retry();
    await departures.retry();
    expect(revoked).toEqual([`dsk_1 by ${GATEWAY_ITSELF}: departed`]);
  });
});
