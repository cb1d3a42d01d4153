import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createDemoSite } from '#gateway/demo/demo-site.ts';
import type { NetworkZone } from '#gateway/domain/site/site.ts';
import type { PersonId, ReaderId } from '#gateway/domain/site/ids.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import { someDecision, someOutcome } from '#test/support/audit-records.ts';
import { sampleInput } from '#test/support/sample-input.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ADA = 'usr_ada' as PersonId;
const MAIN_IN = 'main-in' as ReaderId;
const SERVERS_OUT = 'servers-door-out' as ReaderId;
const ANSWER_TIMEOUT_MS = 2_000;

function createRig() {
  const audit = createMemoryAuditLog({ clock: { nowMs: () => 1_000, monotonicUs: () => 0 } });
  const acts: string[] = [];
  const hand = (id: string) => ({
    presentCard: (_bits: Uint8Array, bitCount: number) => void acts.push(`${id} card of ${bitCount} bits`),
    setInput: (index: number, state: string) => void acts.push(`${id} input ${index} ${state}`),
  });
  const zone: { current: NetworkZone | null } = { current: null };
  const demo = createDemoSite({
    sites: createSiteMap(sampleInstallation),
    people: [{ id: ADA, displayName: 'Ada', card: { format: 'H10301', facility: 12, number: '1001' } }],
    apps: [],
    hands: new Map([MAIN_IN, SERVERS_OUT, 'servers-door-in' as ReaderId].map((id) => [id, hand(id)])),
    audit,
    zone,
  });
  const decision = (effect: 'permit' | 'deny', readerId = 'main-in') =>
    audit.append(
      someDecision('dec_1', {
        resourceId: 'main',
        effect,
        reasons: effect === 'deny' ? ['grant.missing'] : [],
        permits: effect === 'deny' ? [] : ['door.granted'],
        input: { ...sampleInput, context: { ...sampleInput.context, pep: { ...sampleInput.context.pep, id: readerId } } },
      }),
    );
  return {
    audit,
    acts,
    zone,
    demo,
    decision,
    badge: (readerId = MAIN_IN, walkThrough = false) => demo.badge({ personId: ADA, readerId, walkThrough }),
  };
}

describe('a badge at a simulated reader', () => {
  it('is granted when the lock was released, not when it was permitted', async () => {
    const { audit, acts, badge, decision } = createRig();
    const answer = badge();
    await decision('permit');
    await audit.append(someOutcome('dec_1', { resourceId: 'main', outcome: 'unlocked' }));
    expect(await answer).toEqual({ outcome: 'granted', decisionId: 'dec_1', reasons: [] });
    expect(acts).toEqual(['main-in card of 26 bits']);
  });

  it('is denied with the reasons of the decision', async () => {
    const { badge, decision } = createRig();
    const answer = badge();
    await decision('deny');
    expect(await answer).toEqual({ outcome: 'denied', decisionId: 'dec_1', reasons: ['grant.missing'] });
  });

  it('is denied when the reader did not release the lock', async () => {
    const { audit, badge, decision } = createRig();
    const answer = badge();
    await decision('permit');
    await audit.append(someOutcome('dec_1', { resourceId: 'main', outcome: 'unlock_failed', detail: 'reader.offline' }));
    expect(await answer).toEqual({ outcome: 'denied', decisionId: 'dec_1', reasons: ['reader.offline'] });
  });

  it('is not answered by a decision of another reader, and by none after two seconds', async () => {
    const { badge, decision } = createRig();
    const answer = badge();
    await decision('deny', 'servers-door-in');
    await vi.advanceTimersByTimeAsync(ANSWER_TIMEOUT_MS);
    expect(await answer).toEqual({ outcome: 'no_answer', decisionId: null, reasons: [] });
  });

  it('names the decision that was made when the lock says nothing', async () => {
    const { badge, decision } = createRig();
    const answer = badge();
    await decision('permit');
    await vi.advanceTimersByTimeAsync(ANSWER_TIMEOUT_MS);
    expect(await answer).toMatchObject({ outcome: 'no_answer', decisionId: 'dec_1' });
  });

  it('at an exit reader is granted without a decision', async () => {
    const { audit, badge } = createRig();
    const answer = badge(SERVERS_OUT);
    await audit.append({
      type: 'egress',
      occurredAtMs: 1_000,
      doorId: 'servers-door',
      cause: 'exit_reader',
      readerId: SERVERS_OUT,
      personId: ADA,
    });
    expect(await answer).toEqual({ outcome: 'granted', decisionId: null, reasons: [] });
  });

  it('opens and shuts the door when the person walks through', async () => {
    const { audit, acts, badge } = createRig();
    const answer = badge(SERVERS_OUT, true);
    await audit.append({
      type: 'egress',
      occurredAtMs: 1_000,
      doorId: 'servers-door',
      cause: 'exit_reader',
      readerId: SERVERS_OUT,
      personId: ADA,
    });
    await answer;
    await vi.runAllTimersAsync();
    expect(acts.slice(1)).toEqual(['servers-door-in input 0 active', 'servers-door-in input 0 inactive']);
  });

  it.each([
    ['person', { personId: 'usr_ghost' as PersonId, readerId: MAIN_IN }],
    ['reader', { personId: ADA, readerId: 'nowhere' as ReaderId }],
  ])('of an unknown %s is an error', async (_what, badge) => {
    await expect(createRig().demo.badge({ ...badge, walkThrough: false })).rejects.toMatchObject({ code: 'resource.unknown' });
  });
});

it('shows people with their badges and readers with their doors', async () => {
  const { people, readers } = await createRig().demo.view();
  expect(people).toEqual([{ id: ADA, displayName: 'Ada', badge: 'H10301 12 1001' }]);
  expect(readers.find(({ id }) => id === MAIN_IN)).toMatchObject({ doorName: 'main', siteName: 'HQ', side: 'entry' });
});

it('moves the machine to another network zone and back', async () => {
  const { demo, zone } = createRig();
  await demo.setNetworkZone('elsewhere');
  expect([zone.current, (await demo.view()).networkZone]).toEqual(['elsewhere', 'elsewhere']);
  await demo.setNetworkZone(null);
  expect(zone.current).toBeNull();
});
