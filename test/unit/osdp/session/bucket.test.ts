import { describe, expect, it } from 'vitest';
import { type Bucket, EMPTY_BUCKET, pour, roomInMs } from '#adapters/osdp/session/bucket.ts';

const SIZE = { max: 4, leakPerS: 2 } as const;

function poured(amount: number, nowMs: number, from: Bucket = EMPTY_BUCKET): Bucket {
  return pour(from, amount, nowMs, SIZE).bucket;
}

describe('a bucket', () => {
  it.each([
    [SIZE.max, false],
    [SIZE.max + 1, true],
  ])('that is empty and takes %i runs over: %s', (amount, runsOver) => {
    expect(pour(EMPTY_BUCKET, amount, 0, SIZE).runsOver).toBe(runsOver);
  });

  it('takes for ever what it leaks, and runs over with more', () => {
    let [slow, fast] = [poured(SIZE.max, 0), poured(SIZE.max, 0)];
    let [slowOver, fastOver] = [0, 0];
    for (let count = 1; count <= 100; count += 1) {
      const one = pour(slow, 1, count * 500, SIZE);
      const other = pour(fast, 1, count * 499, SIZE);
      [slow, fast] = [one.bucket, other.bucket];
      slowOver += one.runsOver ? 1 : 0;
      fastOver += other.runsOver ? 1 : 0;
    }
    expect([slowOver, fastOver]).toEqual([0, 100]);
  });

  it('says when there is room, and there is then and not before', () => {
    const full = poured(SIZE.max, 1_000);
    expect(roomInMs(full, 1, 1_000, SIZE)).toBe(500);
    expect(pour(full, 1, 1_499, SIZE).runsOver).toBe(true);
    expect(pour(full, 1, 1_500, SIZE).runsOver).toBe(false);
    expect(roomInMs(EMPTY_BUCKET, 1, 0, SIZE)).toBe(0);
  });

  it('is soon below its brim, however much ran over', () => {
    expect(roomInMs(poured(1_000_000, 0), 1, 0, SIZE)).toBe(500);
  });
});
