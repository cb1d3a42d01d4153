import { describe, expect, it } from 'vitest';
import { IDLE_NOISE, LINE_NOISE, LineTrouble, TROUBLE_OVER_AFTER_MS } from '#adapters/osdp/bus/line-trouble.ts';

describe('noise on a line', () => {
  it.each([
    [true, LINE_NOISE.max],
    [false, IDLE_NOISE.max],
  ])('is a trouble beyond its limit (reply awaited: %s)', (isAwaited, max) => {
    const trouble = new LineTrouble();
    expect(trouble.isNoise(max, isAwaited, 0)).toBe(false);
    expect(trouble.isNoise(1, isAwaited, 0)).toBe(true);
  });

  it('of a bad line is none: a broken reply of a hundred, noise before one of twenty, at 115200', () => {
    const trouble = new LineTrouble();
    const told = Array.from({ length: 340 * 60 }, (_, reply) => {
      const broken = reply % 100 === 0 ? 16 : 0;
      return trouble.isNoise(broken + (reply % 20 === 0 ? 8 : 0), true, (reply * 1_000) / 340);
    });
    expect(told).not.toContain(true);
  });

  it('is told for as long as it goes on', () => {
    const trouble = new LineTrouble();
    const told = Array.from({ length: 100 }, (_, second) => trouble.isNoise(1_000, true, second * 1_000));
    expect(told.slice(4)).not.toContain(false);
  });
});

describe('a line with two troubles', () => {
  it('is told of the one that came first', () => {
    const trouble = new LineTrouble();
    expect(trouble.isStall(0)).toBe(true);
    expect(trouble.isNoise(LINE_NOISE.max + 1, true, TROUBLE_OVER_AFTER_MS - 1)).toBe(false);
    expect(trouble.isNoise(LINE_NOISE.max + 1, true, TROUBLE_OVER_AFTER_MS)).toBe(true);
    expect(trouble.isStall(2 * TROUBLE_OVER_AFTER_MS - 1)).toBe(false);
    expect(trouble.isStall(2 * TROUBLE_OVER_AFTER_MS)).toBe(true);
  });
});
