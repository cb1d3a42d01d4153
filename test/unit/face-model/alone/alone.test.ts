import { describe, expect, it } from 'vitest';
import { Alone, type AloneDeps } from '#face-model/terminal/alone/alone.ts';
import { EntryJournal } from '#face-model/terminal/alone/entry-journal.ts';
import { markBadge } from '#gateway/domain/face/badge-mark.ts';
import { LEASED_ENTRIES_PER_CALL_MAX, leasedEntrySchema, type FaceLease } from '#gateway/domain/face/lease.ts';
import { MISMATCHES_MAX } from '#gateway/domain/face/mismatches.ts';
import { ANN_BADGE, clockedKeeper, HOUR_MS, leaseHolder, SALT, sampleLease, START_MS } from '#test/support/sample-lease.ts';

async function rig(what: FaceLease | null = sampleLease()) {
  const { clock, folder, open, pass, take } = await clockedKeeper();
  const keeper = await open();
  if (what !== null) await take(keeper, what);
  const journal = await EntryJournal.open(folder);
  const events: string[] = [];
  const released: number[] = [];
  const looks: unknown[] = [];
  let seen: Awaited<ReturnType<AloneDeps['terminal']['recognise']>> = { result: 'verified', band: 'high', liveness: 'active' };
  let [lock, busy, taken]: [boolean, boolean, (batch: { readonly entries: readonly string[] }) => number] = [true, false, () => 0];
  const named: (string | null)[] = [];
  let duringLook = (): void => undefined;
  const deps: AloneDeps = {
    holder: leaseHolder,
    terminal: {
      recognise: async (look) => {
        looks.push(look);
        duringLook();
        return seen;
      },
      isBusy: () => busy,
    },
    keeper,
    journal,
    link: { lease: async (held) => (named.push(held), { lease: null, publicKey: '' }), tell: async (batch) => taken(batch) },
    sign: async (payload) => JSON.stringify(payload),
    release: async (releaseMs) => {
      expect(journal.length).toBeGreaterThan(0);
      released.push(releaseMs);
      return lock;
    },
    nowMs: () => clock.wallMs,
    onEvent: (event) => void events.push(event),
  };
  const alone = new Alone(deps);
  const entries = async () => ((await journal.oldest())?.entries ?? []).map((text) => leasedEntrySchema.parse(JSON.parse(text)));
  return {
    alone,
    calls: () => named.length,
    named,
    clock,
    entries,
    events,
    journal,
    keeper,
    looks,
    pass,
    released,
    show: (next: typeof seen) => (seen = next),
    break: (what: { lock?: boolean; busy?: boolean }) => ([lock, busy] = [what.lock ?? lock, what.busy ?? busy]),
    takes: (next: typeof taken) => (taken = next),
    during: (next: () => void) => (duringLook = next),
  };
}

describe('a terminal that cannot reach the gateway', () => {
  it('lets in whoever is in its lease, and had written it down before', async () => {
    const { alone, entries, events, looks, pass, released } = await rig();
    alone.begin();
    pass(5_000);
    await alone.onBadge(ANN_BADGE);
    expect(released).toEqual([4_000]);
    expect(events).toEqual(['terminal.leased_entry']);
    expect(looks).toMatchObject([{ personId: 'usr_ann', templateId: 'tpl_ann' }]);
    expect(await entries()).toMatchObject([
      {
        seq: 1,
        lease: 'lse_1',
        person: 'usr_ann',
        badge: markBadge(ANN_BADGE, SALT),
        outcome: 'released',
        reason: 'verified',
        at_ms: START_MS + 5_000,
      },
    ]);
  });

  it('leaves every badge to the gateway while that is there', async () => {
    const { alone, entries, released } = await rig();
    await alone.onBadge(ANN_BADGE);
    alone.begin();
    await alone.end(3);
    await alone.onBadge(ANN_BADGE);
    expect([released, await entries()]).toEqual([[], []]);
  });

  it.each([
    ['another face', { result: 'no_match', band: 'below', liveness: 'none' }, 'no_match'],
    ['a face that did nothing', { result: 'verified', band: 'high', liveness: 'passive' }, 'lease.weak_proof'],
    ['a face that is only somewhat alike', { result: 'verified', band: 'low', liveness: 'active' }, 'lease.weak_proof'],
    ['a template that the lease does not name', null, 'lease.other_template'],
  ] as const)('stays shut for %s', async (_what, seen, reason) => {
    const { alone, entries, released, show } = await rig();
    show(seen);
    alone.begin();
    await alone.onBadge(ANN_BADGE);
    expect(released).toEqual([]);
    expect(await entries()).toMatchObject([{ outcome: 'refused', reason }]);
  });

  it('stays shut for a badge that is not listed, and looks at nobody', async () => {
    const { alone, entries, looks, released } = await rig();
    alone.begin();
    await alone.onBadge('H10301:7:6666');
    expect([released, looks]).toEqual([[], []]);
    expect(await entries()).toMatchObject([{ outcome: 'refused', reason: 'lease.not_listed', person: null, badge: null }]);
  });

  it('stays shut without a lease, after its end, and after the person’s own', async () => {
    const none = await rig(null);
    none.alone.begin();
    await none.alone.onBadge(ANN_BADGE);
    expect(await none.entries()).toMatchObject([{ lease: null, reason: 'lease.none' }]);
    const over = await rig();
    over.alone.begin();
    over.pass(HOUR_MS);
    await over.alone.onBadge(ANN_BADGE);
    expect(await over.entries()).toMatchObject([{ reason: 'lease.expired' }]);
    const [person] = sampleLease().people;
    const own = await rig(sampleLease({ people: person === undefined ? [] : [{ ...person, until_ms: START_MS + 1_000 }] }));
    own.alone.begin();
    own.pass(1_000);
    await own.alone.onBadge(ANN_BADGE);
    expect(await own.entries()).toMatchObject([{ reason: 'lease.person_ended' }]);
    expect([...none.released, ...over.released, ...own.released]).toEqual([]);
  });

  it('stays shut when the lease ends while it looks', async () => {
    const { alone, during, entries, pass, released } = await rig();
    alone.begin();
    during(() => pass(HOUR_MS));
    await alone.onBadge(ANN_BADGE);
    expect(released).toEqual([]);
    expect(await entries()).toMatchObject([{ outcome: 'refused', reason: 'lease.expired' }]);
  });

  it('stays shut for good after too many looks that showed somebody else, until the gateway is back', async () => {
    const { alone, entries, looks, show } = await rig();
    show({ result: 'no_match', band: 'below', liveness: 'none' });
    alone.begin();
    for (let count = 0; count <= MISMATCHES_MAX; count += 1) await alone.onBadge(ANN_BADGE);
    expect(looks).toHaveLength(MISMATCHES_MAX);
    expect((await entries()).at(-1)).toMatchObject({ reason: 'lease.too_many_looks' });
  });

  it('stays shut where nothing can be written down', async () => {
    const { alone, events, journal, released } = await rig();
    journal.append = () => Promise.reject(new Error('no space left on device'));
    alone.begin();
    await alone.onBadge(ANN_BADGE);
    expect(released).toEqual([]);
    expect(events).toEqual(['terminal.journal_failed']);
  });

  it('says so when the lock did not move', async () => {
    const { alone, break: make, entries } = await rig();
    make({ lock: false });
    alone.begin();
    await alone.onBadge(ANN_BADGE);
    expect((await entries()).map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['released', 'verified'],
      ['refused', 'lease.not_released'],
    ]);
  });

  it('counts nothing that was lent once the gateway knows it no more', async () => {
    const { alone, entries, keeper } = await rig();
    alone.begin();
    await alone.disown();
    expect(keeper.current()).toEqual({ ok: false, code: 'lease.none' });
    alone.begin();
    await alone.onBadge(ANN_BADGE);
    expect(await entries()).toMatchObject([{ reason: 'lease.none' }]);
  });

  it('finds out by a short call that the gateway is back, and asks for another lease when who is enrolled has changed', async () => {
    const { alone, calls, pass } = await rig();
    await alone.end(3);
    await alone.retry();
    expect(calls()).toBe(0);
    alone.enrolmentChanged();
    await alone.end(3);
    expect(calls()).toBe(1);
    alone.begin();
    pass(1_000);
    await alone.retry();
    expect(calls()).toBe(2);
    await alone.retry();
    expect(calls()).toBe(2);
  });

  it('tells the gateway all of it when that is back, and keeps what it does not take', async () => {
    const { alone, events, journal, takes } = await rig();
    alone.begin();
    for (let count = 0; count < LEASED_ENTRIES_PER_CALL_MAX + 2; count += 1) await alone.onBadge(ANN_BADGE);
    await alone.end(3);
    expect(events).toContain('terminal.entries_refused');
    expect(journal.length).toBe(LEASED_ENTRIES_PER_CALL_MAX + 2);
    const told: number[] = [];
    takes(({ entries }) => {
      const seqs = entries.map((text) => leasedEntrySchema.parse(JSON.parse(text)).seq);
      told.push(...seqs);
      return seqs.at(-1) ?? 0;
    });
    await alone.end(3);
    expect(told).toEqual(Array.from({ length: LEASED_ENTRIES_PER_CALL_MAX + 2 }, (_, index) => index + 1));
    expect(journal.length).toBe(0);
    expect(events).toContain('terminal.entries_told');
  });

  it('names the lease on its disk whenever it asks for another', async () => {
    const { alone, named } = await rig();
    await alone.end(3);
    await alone.end(4);
    await alone.end(5);
    expect(named).toEqual(['lse_1', null]);
  });
});
