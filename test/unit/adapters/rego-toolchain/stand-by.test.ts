import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStandBy, STAND_BY_MS } from '#adapters/rego-toolchain/stand-by.ts';
import type { PreparedRun } from '#adapters/rego-toolchain/prepared-run.ts';

function makeStandBy() {
  const discarded: number[] = [];
  const made: PreparedRun[] = [];
  const standBy = createStandBy(() => {
    const number = made.length;
    const run: PreparedRun = {
      run: () => Promise.reject(new Error('not run here')),
      discard: () => void discarded.push(number),
      ended: () => Promise.resolve(),
    };
    made.push(run);
    return run;
  });
  return { standBy, made, discarded };
}

describe('createStandBy', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('gives the one that waits, once, and a new one when none does', () => {
    const { standBy, made } = makeStandBy();
    standBy.refill();
    expect(made).toHaveLength(1);
    expect(standBy.take()).toBe(made[0]);
    expect(standBy.take()).toBe(made[1]);
  });

  it('lets no more than one wait', () => {
    const { standBy, made } = makeStandBy();
    standBy.refill();
    standBy.refill();
    expect(made).toHaveLength(1);
  });

  it('ends the one that waits when nobody asks for it in time, counted from the last request', () => {
    const { standBy, made, discarded } = makeStandBy();
    standBy.refill();
    vi.advanceTimersByTime(STAND_BY_MS - 1);
    standBy.refill();
    vi.advanceTimersByTime(STAND_BY_MS - 1);
    expect(discarded).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(discarded).toEqual([0]);
    expect(standBy.take()).toBe(made[1]);
  });

  it('never ends one that was taken', () => {
    const { standBy, discarded } = makeStandBy();
    standBy.refill();
    standBy.take();
    vi.advanceTimersByTime(STAND_BY_MS);
    expect(discarded).toEqual([]);
  });
});
