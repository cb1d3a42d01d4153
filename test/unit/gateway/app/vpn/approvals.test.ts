import { describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { APPROVAL_TTL_MS, APPROVALS_MAX, createApprovals } from '#gateway/app/vpn/approvals.ts';
import type { DecisionId, VpnRealmId } from '#gateway/domain/site/ids.ts';
import { personId } from '#test/support/people.ts';

const connection = { realmId: 'staff' as VpnRealmId, userName: 'ann', ip: '203.0.113.9' };

function setUp() {
  let nowMs = 0;
  const approvals = createApprovals({ clock: { nowMs: () => nowMs, monotonicUs: () => 0 }, random: createSystemRandom() });
  return { approvals, at: (ms: number) => (nowMs = ms) };
}

const accept = { kind: 'accept', personId: personId('ann'), decisionId: 'dec_1' as DecisionId } as const;

describe('connections that wait for their page', () => {
  it('get the verdict once', async () => {
    const { approvals } = setUp();
    const { id, verdict } = approvals.begin(connection);
    expect(approvals.find(id)).toEqual({ ...connection, id, nas: null, word: null, isListed: false, expiresAtMs: APPROVAL_TTL_MS });
    expect(approvals.settle(id, accept)).toBe(true);
    expect(approvals.settle(id, { kind: 'deny', message: 'late' })).toBe(false);
    expect(await verdict).toEqual(accept);
    expect(approvals.find(id)).toBeNull();
  });

  it('are refused when their time is over', async () => {
    const { approvals, at } = setUp();
    const { id, verdict } = approvals.begin(connection);
    at(APPROVAL_TTL_MS - 1);
    expect(approvals.find(id)).not.toBeNull();
    at(APPROVAL_TTL_MS);
    expect(approvals.settle(id, accept)).toBe(false);
    expect((await verdict).kind).toBe('deny');
  });

  it('are found by the name that was typed, however it is written, where they have no page of their own', () => {
    const { approvals } = setUp();
    const { id } = approvals.begin({ ...connection, userName: 'Ann@Example.test', nas: 'vpn-1', word: '42', isListed: true });
    approvals.begin({ ...connection, userName: 'bob', isListed: true });
    // It has a page of its own.
    approvals.begin(connection);
    expect(approvals.listedOf(['ann', 'ann@example.test'])).toMatchObject([{ id, nas: 'vpn-1', word: '42' }]);
    expect(approvals.listedOf([])).toEqual([]);
  });

  it('are as many as allowed; the oldest gives way to one more', async () => {
    const { approvals } = setUp();
    const first = approvals.begin(connection);
    for (let count = 1; count < APPROVALS_MAX; count += 1) approvals.begin(connection);
    expect(approvals.find(first.id)).not.toBeNull();
    approvals.begin(connection);
    expect((await first.verdict).kind).toBe('deny');
  });
});
