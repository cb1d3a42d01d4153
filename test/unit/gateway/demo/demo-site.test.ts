import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { CARD_READS_PER_SECOND_MAX } from '#adapters/osdp/reader-limits.ts';
import { ANSWER_TIMEOUT_MS, READS_DROPPED, WAITING_AT_READER_MAX } from '#gateway/demo/badge-answers.ts';
import { createDemoSite } from '#gateway/demo/demo-site.ts';
import type { NetworkZone } from '#gateway/domain/site/site.ts';
import type { DoorId, PersonId, ReaderId } from '#gateway/domain/site/ids.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import { explainReasons } from '#gateway/http/contract/reasons.ts';
import { someDecision, someOutcome } from '#test/support/audit-records.ts';
import { sampleInput } from '#test/support/sample-input.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ADA = 'usr_ada' as PersonId;
const BEN = 'usr_ben' as PersonId;
const MAIN_IN = 'main-in' as ReaderId;
const SERVERS_OUT = 'servers-door-out' as ReaderId;

function createRig() {
  const audit = createMemoryAuditLog({ clock: { nowMs: () => 1_000, monotonicUs: () => 0 } });
  const acts: string[] = [];
  const hand = (id: string) => ({
    presentCard: (_bits: Uint8Array, bitCount: number) => void acts.push(`${id} card of ${bitCount} bits`),
    pressKeys: (keys: string) => void acts.push(`${id} keys ${keys}`),
    setInput: (index: number, state: string) => void acts.push(`${id} input ${index} ${state}`),
  });
  const zone: { current: NetworkZone | null } = { current: null };
  const demo = createDemoSite({
    sites: createSiteMap(sampleInstallation),
    people: [
      { id: ADA, displayName: 'Ada', card: { format: 'H10301', facility: 12, number: '1001' } },
      { id: BEN, displayName: 'Ben', card: { format: 'H10301', facility: 12, number: '1002' } },
    ],
    startPersonId: BEN,
    apps: [],
    hands: new Map([MAIN_IN, SERVERS_OUT, 'servers-door-in' as ReaderId].map((id) => [id, hand(id)])),
    audit,
    zone,
  });
  const decision = (effect: 'permit' | 'deny', readerId = 'main-in', who: { id?: string; personId?: PersonId | null } = {}) =>
    audit.append(
      someDecision(who.id ?? 'dec_1', {
        personId: who.personId === undefined ? ADA : who.personId,
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
    badge: (readerId = MAIN_IN, walkThrough = false, personId = ADA) => demo.badge({ personId, readerId, walkThrough }),
    drops: (active: boolean) =>
      audit.append({
        type: 'alarm',
        occurredAtMs: 1_000,
        code: READS_DROPPED,
        sourceType: 'reader',
        sourceId: MAIN_IN,
        active,
        dropped: 1,
      }),
  };
}

describe('keys at a simulated reader', () => {
  it('are pressed when the reader asks for them, and the answer to them is their own', async () => {
    const { audit, acts, badge, demo, decision } = createRig();
    const asked = badge();
    await audit.append(
      someDecision('dec_0', {
        personId: ADA,
        resourceId: 'main',
        effect: 'permit',
        obligations: [{ id: 'pin', within_s: 10 }],
        input: null,
      }),
    );
    expect(await asked).toEqual({ outcome: 'pin_wanted', decisionId: 'dec_0', reasons: [] });
    const answer = demo.pressKeys({ personId: ADA, readerId: MAIN_IN, walkThrough: false, keys: '5806#' });
    await decision('permit');
    await audit.append(someOutcome('dec_1', { resourceId: 'main', outcome: 'unlocked' }));
    expect(await answer).toEqual({ outcome: 'granted', decisionId: 'dec_1', reasons: [] });
    expect(acts).toEqual(['main-in card of 26 bits', 'main-in keys 5806#']);
  });
});

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

  it('is answered by the decision about its own person when two badge at one reader', async () => {
    const { badge, decision } = createRig();
    const [ada, ben] = [badge(), badge(MAIN_IN, false, BEN)];
    await decision('deny', MAIN_IN, { id: 'dec_ben', personId: BEN });
    await decision('deny', MAIN_IN, { id: 'dec_ada', personId: ADA });
    expect(await ada).toMatchObject({ decisionId: 'dec_ada' });
    expect(await ben).toMatchObject({ decisionId: 'dec_ben' });
  });

  it('is answered once for each time the same person badges', async () => {
    const { audit, badge, decision } = createRig();
    const [first, second] = [badge(), badge()];
    await decision('permit', MAIN_IN, { id: 'dec_first' });
    await decision('deny', MAIN_IN, { id: 'dec_second' });
    await audit.append(someOutcome('dec_first', { resourceId: 'main', outcome: 'unlocked' }));
    expect(await first).toMatchObject({ outcome: 'granted', decisionId: 'dec_first' });
    expect(await second).toMatchObject({ outcome: 'denied', decisionId: 'dec_second' });
  });

  it('that the gateway gives to nobody is answered by the decision about nobody', async () => {
    const { badge, decision } = createRig();
    const answer = badge();
    await decision('deny', MAIN_IN, { personId: null });
    expect(await answer).toMatchObject({ outcome: 'denied', decisionId: 'dec_1' });
  });

  it('that the reader dropped says so, and the badge beside it that was read does not', async () => {
    const { badge, decision, drops } = createRig();
    const [read, dropped] = [badge(), badge(MAIN_IN, false, BEN)];
    await decision('deny');
    await drops(true);
    await drops(false);
    await vi.advanceTimersByTimeAsync(1);
    const after = badge();
    await vi.advanceTimersByTimeAsync(ANSWER_TIMEOUT_MS);
    expect(await read).toMatchObject({ outcome: 'denied' });
    expect(await dropped).toEqual({ outcome: 'dropped', decisionId: null, reasons: [READS_DROPPED] });
    expect(await after).toMatchObject({ outcome: 'no_answer' });
  });

  it('that was dropped long after the burst began says so as well', async () => {
    const { badge, drops } = createRig();
    await drops(true);
    const answer = badge();
    await vi.advanceTimersByTimeAsync(ANSWER_TIMEOUT_MS);
    expect(await answer).toMatchObject({ outcome: 'dropped' });
  });

  it('waits with as many as its limit; one more is told to come back', async () => {
    const { badge } = createRig();
    const waiting = Array.from({ length: WAITING_AT_READER_MAX }, () => badge());
    await expect(badge()).rejects.toMatchObject({ code: 'request.rate_limited' });
    await vi.advanceTimersByTimeAsync(ANSWER_TIMEOUT_MS);
    expect((await Promise.all(waiting)).every(({ outcome }) => outcome === 'no_answer')).toBe(true);
    const next = badge();
    await vi.advanceTimersByTimeAsync(ANSWER_TIMEOUT_MS);
    expect(await next).toMatchObject({ outcome: 'no_answer' });
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

it('says in words why a read was dropped, with the limit that the reader has', () => {
  expect(explainReasons([READS_DROPPED])).toMatchObject([
    { message: `The reader dropped this read: more than ${CARD_READS_PER_SECOND_MAX} per second.` },
  ]);
});

describe('an exit button', () => {
  const SERVERS = 'servers-door' as DoorId;
  const released = { type: 'egress', occurredAtMs: 1_000, cause: 'rex', readerId: null, personId: null } as const;

  it('is pressed at the reader’s input, and the door released without a decision', async () => {
    const { acts, audit, demo } = createRig();
    const [answer, second] = [1, 2].map(() => demo.pressExit({ doorId: SERVERS, walkThrough: false }));
    await audit.append({ ...released, doorId: 'main' });
    await audit.append({ ...released, doorId: SERVERS });
    expect([await answer, await second]).toEqual([{ outcome: 'released' }, { outcome: 'released' }]);
    await vi.runAllTimersAsync();
    expect(acts).toEqual(['servers-door-in input 1 active', 'servers-door-in input 1 inactive']);
  });

  it('says that nothing happened after two seconds', async () => {
    const answer = createRig().demo.pressExit({ doorId: SERVERS, walkThrough: true });
    await vi.advanceTimersByTimeAsync(ANSWER_TIMEOUT_MS);
    expect(await answer).toEqual({ outcome: 'no_answer' });
  });

  it('is there only where one is wired', async () => {
    const { demo } = createRig();
    expect((await demo.view()).exitDoorIds).toEqual(['main', SERVERS]);
    await expect(demo.pressExit({ doorId: 'store' as DoorId, walkThrough: false })).rejects.toMatchObject({ code: 'resource.unknown' });
  });
});

it('shows people with their badges, readers with their doors, and whom to begin with', async () => {
  const { people, readers, startPersonId } = await createRig().demo.view();
  expect(people[0]).toEqual({ id: ADA, displayName: 'Ada', badge: 'H10301 12 1001', pins: null });
  expect(readers.find(({ id }) => id === MAIN_IN)).toMatchObject({ doorId: 'main', doorName: 'main', siteName: 'HQ', side: 'entry' });
  expect(startPersonId).toBe(BEN);
});

it('moves the machine to another network zone and back', async () => {
  const { demo, zone } = createRig();
  await demo.setNetworkZone('elsewhere');
  expect([zone.current, (await demo.view()).networkZone]).toEqual(['elsewhere', 'elsewhere']);
  await demo.setNetworkZone(null);
  expect(zone.current).toBeNull();
});
