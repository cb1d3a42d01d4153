import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { denyBecause, type Decision } from '#gateway/domain/access/decision.ts';
import {
  BLOCK_STEPS_MS,
  GUESSES_MAX,
  GUESS_QUIET_MS,
  GUESS_WINDOW_MS,
  INITIAL_CARD_GUESSING,
  cardGuessingKind,
  isReaderBlocked,
  stepCardGuessing,
  type CardGuessingEvent,
} from '#gateway/domain/doors/card-guessing.ts';
import type { DecisionId } from '#gateway/domain/site/ids.ts';

/** A reader that is shown cards: what it took of them (a blocked one takes none), and which alarms it raised. */
function show(events: readonly CardGuessingEvent[]) {
  let state = INITIAL_CARD_GUESSING;
  const taken: CardGuessingEvent[] = [];
  const alarms: boolean[] = [];
  for (const event of events) {
    if (event.kind !== 'tick' && isReaderBlocked(state, event.nowMs)) continue;
    taken.push(event);
    const next = stepCardGuessing(state, event);
    state = next.state;
    if (next.alarm !== null) alarms.push(next.alarm.active);
  }
  return { state, taken, alarms };
}

const guess = (nowMs: number): CardGuessingEvent => ({ kind: 'denied_unknown', nowMs });
const guesses = (count: number, everyMs: number, fromMs = 0): CardGuessingEvent[] =>
  Array.from({ length: count }, (_, index) => guess(fromMs + index * everyMs));

/** Reads in order of time, from a flood to a stroll. */
const anyReads: fc.Arbitrary<CardGuessingEvent[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom<CardGuessingEvent['kind']>('denied_unknown', 'denied_unknown', 'known', 'tick'),
      afterMs: fc.oneof(fc.nat(500), fc.nat(20_000), fc.nat(400_000)),
    }),
    { maxLength: 300 },
  )
  .map((steps) => {
    let nowMs = 0;
    return steps.map(({ kind, afterMs }) => ({ kind, nowMs: (nowMs += afterMs) }));
  });

describe('a reader that is shown cards of nobody', () => {
  it('goes on as usual below the limit, and blocks at it', () => {
    expect(show(guesses(GUESSES_MAX - 1, 100))).toMatchObject({ state: { blocks: 0 }, alarms: [] });
    const { state, alarms } = show(guesses(GUESSES_MAX, 100));
    const lastMs = (GUESSES_MAX - 1) * 100;
    expect(alarms).toEqual([true]);
    expect([lastMs, lastMs + 4_999, lastMs + 5_000].map((nowMs) => isReaderBlocked(state, nowMs))).toEqual([true, true, false]);
  });

  it('counts no more than the window holds', () => {
    const everyMs = GUESS_WINDOW_MS / (GUESSES_MAX - 1);
    expect(show(guesses(200, everyMs)).alarms).toEqual([]);
    expect(show(guesses(200, Math.floor(everyMs) - 1)).alarms).toEqual([true]);
  });

  it('blocks longer each time, up to the longest', () => {
    const { taken } = show(guesses(400, 1_000));
    const afterMs = taken.slice(GUESSES_MAX).map(({ nowMs }, index) => nowMs - (taken[GUESSES_MAX - 1 + index]?.nowMs ?? 0));
    expect(afterMs.slice(0, 7)).toEqual([...BLOCK_STEPS_MS, 60_000, 60_000]);
  });

  it('is not blocked further by reads that were waiting when the block began', () => {
    const { state } = show(guesses(GUESSES_MAX, 100));
    expect(stepCardGuessing(state, guess(state.blockedUntilMs - 1))).toEqual({ state, alarm: null });
  });

  it('forgets after the quiet time, and not before', () => {
    const { state } = show(guesses(GUESSES_MAX, 100));
    const lastMs = (GUESSES_MAX - 1) * 100;
    const at = (nowMs: number) => stepCardGuessing(state, { kind: 'tick', nowMs });
    expect(at(lastMs + GUESS_QUIET_MS - 1)).toEqual({ state, alarm: null });
    expect(at(lastMs + GUESS_QUIET_MS)).toEqual({ state: INITIAL_CARD_GUESSING, alarm: { code: 'reader.card_guessing', active: false } });
  });

  it('does not count the cards of people', () => {
    const known = guesses(500, 50).map(({ nowMs }): CardGuessingEvent => ({ kind: 'known', nowMs }));
    expect(show(known)).toMatchObject({ state: INITIAL_CARD_GUESSING, taken: known, alarms: [] });
  });
});

describe('whatever is shown', () => {
  it('a block is never longer than the longest, and no step blocks for what is known', () => {
    fc.assert(
      fc.property(anyReads, (events) => {
        let state = INITIAL_CARD_GUESSING;
        for (const event of events) {
          const next = stepCardGuessing(state, event);
          expect(next.state.blockedUntilMs - event.nowMs).toBeLessThanOrEqual(60_000);
          expect(next.state.guessesMs.length).toBeLessThanOrEqual(GUESSES_MAX);
          if (event.kind !== 'denied_unknown') expect(next.state.blockedUntilMs).toBeLessThanOrEqual(state.blockedUntilMs);
          state = next.state;
        }
      }),
    );
  });

  it('no window holds more guesses than the limit and the three that come between the first blocks', () => {
    fc.assert(
      fc.property(anyReads, (events) => {
        const takenMs = show(events).taken.flatMap(({ kind, nowMs }) => (kind === 'denied_unknown' ? [nowMs] : []));
        for (const fromMs of takenMs) {
          const inWindow = takenMs.filter((nowMs) => nowMs >= fromMs && nowMs < fromMs + GUESS_WINDOW_MS);
          expect(inWindow.length).toBeLessThanOrEqual(GUESSES_MAX + 3);
        }
      }),
    );
  });

  it('a known card changes nothing but the end of what is over', () => {
    fc.assert(
      fc.property(anyReads, fc.nat(400_000), (events, afterMs) => {
        const { state } = show(events);
        const nowMs = (events.at(-1)?.nowMs ?? 0) + afterMs;
        expect(stepCardGuessing(state, { kind: 'known', nowMs })).toEqual(stepCardGuessing(state, { kind: 'tick', nowMs }));
      }),
    );
  });

  it('alarms begin and end in turn', () => {
    fc.assert(
      fc.property(anyReads, (events) => {
        const { alarms, state } = show(events);
        expect(alarms).toEqual(alarms.map((_, index) => index % 2 === 0));
        expect(state.blocks > 0).toBe(alarms.length % 2 === 1);
      }),
    );
  });
});

describe('a decision', () => {
  const stamp = { id: 'dec_1' as DecisionId, policyRevision: 'p', epoch: 1 };
  const permit: Decision = { ...stamp, effect: 'permit', permits: ['door.granted'], obligations: [], ttlS: 0 };

  it.each([
    ['an unknown card', denyBecause(stamp, 'credential.unknown', 'subject.unknown'), 'denied_unknown'],
    ['an unreadable card', denyBecause(stamp, 'card.format_unknown'), 'denied_unknown'],
    ['a card without a grant', denyBecause(stamp, 'grant.missing'), 'known'],
    ['a blocked card', denyBecause(stamp, 'credential.not_enabled'), 'known'],
    ['a store that is down', denyBecause(stamp, 'store.unavailable'), 'known'],
    ['a permit', permit, 'known'],
  ])('about %s counts as it should', (_what, decision, kind) => {
    expect(cardGuessingKind(decision)).toBe(kind);
  });
});
