import { describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { APPROVAL_TTL_MS, APPROVALS_MAX, APPROVALS_OF_NETWORK_MAX, createApprovals, type Approvals } from '#gateway/app/vpn/approvals.ts';
import type { DecisionId, VpnRealmId } from '#gateway/domain/site/ids.ts';
import { personId } from '#test/support/people.ts';

const connection = { realmId: 'staff' as VpnRealmId, userName: 'ann', ip: '203.0.113.9' };

function setUp() {
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, monotonicUs: () => 0 };
  const approvals = createApprovals({ clock, random: createSystemRandom(), networkOf: (ip) => ip });
  const begin = (...args: Parameters<Approvals['begin']>) => approvals.begin(...args) ?? expect.fail('too many wait');
  return { approvals, begin, at: (ms: number) => (nowMs = ms) };
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

  it('are as many as allowed, and one more ends none of them', () => {
    const { approvals, begin } = setUp();
    const { id } = begin(connection);
    for (let count = 1; count < APPROVALS_MAX; count += 1) begin({ ...connection, ip: `198.51.100.${String(count)}` });
    expect(approvals.begin({ ...connection, ip: '192.0.2.1' })).toBeNull();
    approvals.settle(id, accept);
    expect(approvals.begin({ ...connection, ip: '192.0.2.1' })).not.toBeNull();
  });

  it('are few from one network, and as many as allowed where the server does not say where from', () => {
    const { approvals, begin } = setUp();
    for (let count = 0; count < APPROVALS_OF_NETWORK_MAX; count += 1) begin(connection);
    expect(approvals.begin(connection)).toBeNull();
    begin({ ...connection, ip: '192.0.2.1' });
    for (let count = 0; count <= APPROVALS_OF_NETWORK_MAX; count += 1) begin({ ...connection, ip: null });
  });
});
