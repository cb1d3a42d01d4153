import { describe, expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createReleaseDoor } from '#gateway/app/doors/release-door.ts';
import type { Decision } from '#gateway/domain/access/decision.ts';
import type { DecisionId, DoorId, PersonId } from '#gateway/domain/site/ids.ts';
import type { DoorNode, ReleaseResult } from '#gateway/ports/door-node.ts';
import { noReaderOperations } from '#test/support/readers/no-reader-operations.ts';
import { noReaderWatch } from '#test/support/readers/no-reader-watch.ts';
import { noFacePoint } from '#test/support/face/no-face-point.ts';
import { noPolicyPoint } from '#test/support/policy/no-policy-point.ts';

const stamp = { id: 'dec_1' as DecisionId, policyRevision: 'a'.repeat(64), epoch: 0 };
const permit: Decision = { ...stamp, effect: 'permit', permits: ['operator.granted'], obligations: [], ttlS: 0 };
const deny: Decision = { ...stamp, effect: 'deny', reasons: ['operator.not_authorized'] };
const operator = { id: 'usr_ada' as PersonId, channel: 'console', ip: null, authentication: null } as const;

function setUp(decision: Decision, answer: ReleaseResult) {
  const clock = { nowMs: () => 1_793_700_000_000, monotonicUs: () => 0 };
  const audit = createMemoryAuditLog({ clock });
  const released: string[] = [];
  const doorNode: DoorNode = {
    watch: noReaderWatch,
    operations: noReaderOperations,
    release: (doorId) => {
      released.push(doorId);
      return Promise.resolve(answer);
    },
    applyEpoch: () => expect.fail('a release raises no epoch'),
    policyPoint: noPolicyPoint,
    faces: noFacePoint,
    reloadGrants: () => expect.fail('a release changes no grants'),
    status: () => ({ state: 'online', epoch: 0 }),
    stop: () => Promise.resolve(),
  };
  const release = createReleaseDoor({ authorizeOperator: () => Promise.resolve(decision), doorNode, audit, clock });
  return { audit, released, release: () => release({ doorId: 'main' as DoorId, operator, reason: 'parcel' }) };
}

describe('releasing a door from the console', () => {
  it('carries a permit to the door under its decision', async () => {
    const { release, released } = setUp(permit, { ok: true });
    expect(await release()).toEqual({ ok: true, decisionId: 'dec_1', result: { ok: true } });
    expect(released).toEqual(['main']);
  });

  it('moves nothing on a deny', async () => {
    const { release, released } = setUp(deny, { ok: true });
    expect(await release()).toMatchObject({ ok: false, deny: { reasons: ['operator.not_authorized'] } });
    expect(released).toEqual([]);
  });

  it('records the outcome that a lost door node cannot record, and no other', async () => {
    const lost = setUp(permit, { ok: false, code: 'door.node_lost' });
    await lost.release();
    expect(await lost.audit.ofDecision('dec_1')).toMatchObject([
      { record: { type: 'outcome', outcome: 'unlock_failed', detail: 'door.node_lost' } },
    ]);
    const offline = setUp(permit, { ok: false, code: 'door.reader_offline' });
    await offline.release();
    expect(await offline.audit.ofDecision('dec_1')).toEqual([]);
  });
});
