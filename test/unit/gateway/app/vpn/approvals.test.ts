import { describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { APPROVAL_TTL_MS, APPROVALS_MAX, createApprovals } from '#gateway/app/vpn/approvals.ts';
import type { DecisionId, VpnRealmId } from '#gateway/domain/site/ids.ts';
import { personId } from '#test/support/people.ts';

const connection = { realmId: 'staff' as VpnRealmId, userName: 'ann', ip: '203.0.113.9' };

function setUp() {
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, monotonicUs: () => 0 };
  const approvals = createApprovals({ clock, random: createSystemRandom(), networkOf: (ip) => ip });
  return { approvals, begin: approvals.begin.bind(approvals), at: (ms: number) => (nowMs = ms) };
}

const accept = { kind: 'accept', personId: personId('ann'), decisionId: 'dec_1' as DecisionId } as const;

describe('connections that wait for their page', () => {
  it('get the verdict once', async () => {
    const { approvals, begin } = setUp();
    const { id, verdict } = begin(connection);
    expect(approvals.find(id)).toEqual({ ...connection, id, nas: null, word: null, isListed: false, expiresAtMs: APPROVAL_TTL_MS });
    expect(approvals.settle(id, accept)).toBe(true);
    expect(approvals.settle(id, { kind: 'deny', message: 'late' })).toBe(false);
    expect(await verdict).toEqual(accept);
    expect(approvals.find(id)).toBeNull();
  });

  it('are refused when their time is over', async () => {
    const { approvals, at, begin } = setUp();
    const { id, verdict } = begin(connection);
    at(APPROVAL_TTL_MS - 1);
    expect(approvals.find(id)).not.toBeNull();
    at(APPROVAL_TTL_MS);
    expect(approvals.settle(id, accept)).toBe(false);
    expect((await verdict).kind).toBe('deny');
  });

  it('are found by the name that was typed, however it is written, where they have no page of their own', () => {
    const { approvals, begin } = setUp();
    const { id } = begin({ ...connection, userName: 'Ann@Example.test', nas: 'vpn-1', word: '42', isListed: true });
    approvals.begin({ ...connection, userName: 'bob', isListed: true });
    // It has a page of its own.
    approvals.begin(connection);
    expect(approvals.listedOf(['ann', 'ann@example.test'])).toMatchObject([{ id, nas: 'vpn-1', word: '42' }]);
    expect(approvals.listedOf([])).toEqual([]);
  });

  it('are as many as allowed; of one more, the oldest of the network that has most gives way', async () => {
    const { approvals, begin } = setUp();
    const modest = begin({ ...connection, ip: '192.0.2.1' });
    const [greedy, ...others] = Array.from({ length: APPROVALS_MAX - 1 }, () => begin(connection));
    const newest = begin({ ...connection, ip: '198.51.100.7' });
    expect((await greedy?.verdict)?.kind).toBe('deny');
    for (const { id } of [modest, newest, ...others]) expect(approvals.find(id)).not.toBeNull();
  });
});
