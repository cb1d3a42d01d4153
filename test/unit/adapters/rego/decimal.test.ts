import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, divide, fromDecimal, integerOf, multiply, subtract, toDecimal } from '#adapters/rego/values/decimal.ts';

describe('decimals', () => {
  it('compute in decimals, where a tenth and two tenths are three', () => {
    expect(add(0.1, 0.2)).toBe(0.3);
    expect(subtract(0.3, 0.1)).toBe(0.2);
    expect(multiply(1.1, 1.1)).toBe(1.21);
  });

  it('keep integers beyond 2^53 exact', () => {
    expect(add(Number.MAX_SAFE_INTEGER, 2)).toBe(9_007_199_254_740_993n);
    expect(multiply(94_906_267, 94_906_267)).toBe(9_007_199_515_875_289n);
    expect(subtract(9_007_199_254_740_993n, 2)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('give a quotient of eighteen digits, and none by zero', () => {
    expect(divide(1, 4)).toBe(0.25);
    expect(divide(-7, 2)).toBe(-3.5);
    expect(divide(6, 3)).toBe(2);
    expect(divide(1, 0)).toBeUndefined();
  });

  it('know no negative zero', () => {
    expect(Object.is(multiply(0, -5), 0)).toBe(true);
    expect(Object.is(fromDecimal({ coefficient: 0n, exponent: 5 }), 0)).toBe(true);
  });

  it('refuse what no double can hold', () => {
    expect(() => fromDecimal({ coefficient: 1n, exponent: 2_000 })).toThrow(RangeError);
    expect(() => multiply(1e308, 10)).toThrow(RangeError);
    expect(() => toDecimal(Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });

  it('take only what a double holds exactly for an integer', () => {
    expect(integerOf(3)).toBe(3);
    expect([integerOf(3.5), integerOf(2 ** 53), integerOf('3'), integerOf(undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('give every finite double back', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), (value) => {
        expect(fromDecimal(toDecimal(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('add and multiply integers as big integers do', () => {
    const integer = fc.integer({ min: -(2 ** 50), max: 2 ** 50 });
    fc.assert(
      fc.property(integer, integer, (left, right) => {
        expect(BigInt(add(left, right))).toBe(BigInt(left) + BigInt(right));
        expect(BigInt(multiply(left, right))).toBe(BigInt(left) * BigInt(right));
      }),
    );
  });
});
