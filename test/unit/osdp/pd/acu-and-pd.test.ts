import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fault, FaultyPair } from './faulty-pair.ts';

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.constant({ kind: 'drop' } as const),
  fc.constant({ kind: 'duplicate' } as const),
  fc.constant({ kind: 'reorder' } as const),
  fc.nat(400).map((bit) => ({ kind: 'corrupt', bit }) as const),
  fc.double({ min: 0, max: 0.99, noNaN: true }).map((share) => ({ kind: 'cut', share }) as const),
  fc.integer({ min: 2, max: 400 }).map((ms) => ({ kind: 'delay', ms }) as const),
  fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => ({ kind: 'noise', bytes }) as const),
);

const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('fault' as const), direction: fc.constantFrom('to_pd' as const, 'to_acu' as const), fault }),
  },
  { weight: 3, arbitrary: fc.constant({ kind: 'card' } as const) },
  { weight: 3, arbitrary: fc.boolean().map((on) => ({ kind: 'relay', on }) as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'power' } as const) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }).map((times) => ({ kind: 'busy', times }) as const) },
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 150 }).map((ms) => ({ kind: 'time', ms }) as const) },
  { weight: 1, arbitrary: fc.integer({ min: 1_000, max: 9_000 }).map((ms) => ({ kind: 'silence', ms }) as const) },
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

const SETTLE_MS = 6_000;

function perform(pair: FaultyPair, next: Action): void {
  switch (next.kind) {
    case 'fault':
      return pair.inject(next.direction, next.fault);
    case 'card':
      return pair.showCard();
    case 'relay':
      return void pair.switchRelay(next.on);
    case 'power':
      return pair.cutPower();
    case 'busy':
      return pair.pd.beBusy(next.times);
    case 'time':
      return pair.run(next.ms);
    case 'silence':
      pair.pd.goSilent(true);
      pair.run(next.ms);
      return pair.pd.goSilent(false);
  }
}

/** Runs until both ends agree; false when they never do. */
function settles(pair: FaultyPair): boolean {
  pair.run(SETTLE_MS);
  for (let ms = 0; ms < SETTLE_MS; ms += 1) {
    if (pair.isAgreed() && pair.pd.pendingEvents === 0) return true;
    pair.run(1);
  }
  return false;
}

/** The rules are the same for both secure channels; most of the runs go to the one that is in use. */
const RUNS = { 1: 120, 2: 24 } as const;

describe.each([1, 2] as const)('ACU and PD in secure channel %i with a bad line between them', (secureChannel) => {
  it('agree in the end: one channel at one place of its chain, no card lost that nobody counted, the relay as ordered', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), fc.boolean(), (actions, last) => {
        const pair = new FaultyPair(secureChannel);
        pair.run(1_000);
        for (const next of actions) perform(pair, next);
        pair.healLine();
        expect(settles(pair)).toBe(true);
        expect([...pair.relay]).toContain(pair.pd.outputs[0]);

        expect(new Set(pair.read).size).toBe(pair.read.length);
        expect(pair.read.every((card) => pair.shown.includes(card))).toBe(true);
        const accounted = new Set([...pair.read, ...pair.stale, ...pair.forgiven]);
        expect(pair.shown.filter((card) => !accounted.has(card))).toEqual([]);

        pair.switchRelay(last);
        pair.showCard();
        pair.run(500);
        expect(pair.pd.outputs[0]).toBe(last);
        expect(pair.read.at(-1)).toBe(pair.shown.length);
        pair.dispose();
      }),
      { numRuns: Number(process.env['OSDP_MODEL_RUNS'] ?? RUNS[secureChannel]) },
    );
  });

  it('agree without a fault, and lose nothing at all', () => {
    const pair = new FaultyPair(secureChannel);
    pair.run(1_000);
    for (let round = 0; round < 20; round += 1) {
      pair.showCard();
      pair.switchRelay(round % 2 === 0);
      pair.run(100);
      expect(pair.pd.outputs[0]).toBe(round % 2 === 0);
    }
    expect(pair.read).toEqual(pair.shown);
    expect(pair.isAgreed()).toBe(true);
    expect(pair.effects.filter(({ kind }) => kind === 'alarm' || kind === 'offline')).toEqual([]);
    pair.dispose();
  });
});
