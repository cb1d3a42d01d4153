import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CborValue, encodeCbor, parseCbor } from '#adapters/osdp/pairing/cbor.ts';
import { CBOR_DEPTH_MAX, CBOR_ITEMS_MAX } from '#adapters/osdp/pairing/limits.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

const leaf = fc.oneof(
  fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);
const list = (item: fc.Arbitrary<CborValue>): fc.Arbitrary<CborValue> => fc.array(item, { maxLength: CBOR_ITEMS_MAX });
const value: fc.Arbitrary<CborValue> = fc.oneof(leaf, list(fc.oneof(leaf, list(leaf))));

/** `depth` arrays, one inside the other. */
function nested(depth: number): CborValue {
  let inside: CborValue = 1;
  for (let level = 0; level < depth; level += 1) inside = [inside];
  return inside;
}

describe('CBOR of pairing messages', () => {
  it.each([
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [255, '18ff'],
    [256, '190100'],
    [65_536, '1a00010000'],
    [1_000_000_000_000, '1b000000e8d4a51000'],
    [Uint8Array.of(1, 2, 3, 4), '4401020304'],
    ['IETF', '6449455446'],
    ['\u00fc', '62c3bc'],
    [[1, [2, 3], [4, 5]], '8301820203820405'],
  ] as const)('encodes %j as RFC 8949 appendix A does', (input, expected) => {
    expect(hex(encodeCbor(input))).toBe(expected);
    expect(parseCbor(bytes(expected))).toEqual(input);
  });

  it('gives back what was encoded', () => {
    fc.assert(
      fc.property(value, (input) => {
        expect(parseCbor(encodeCbor(input))).toEqual(input);
      }),
    );
  });

  it('reads only the one encoding of a value', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (input) => {
        const read = parseCbor(input);
        if (read !== null) expect(hex(encodeCbor(read))).toBe(hex(input));
      }),
      { numRuns: 5_000 },
    );
  });

  it('refuses every truncation and everything after the end', () => {
    const whole = encodeCbor([1, 'text', bytes('0102'), [3_000, 70_000]]);
    for (let length = 0; length < whole.length; length += 1) expect(parseCbor(whole.subarray(0, length))).toBeNull();
    expect(parseCbor(Uint8Array.of(...whole, 0))).toBeNull();
  });

  it.each([
    ['a longer head than needed', '1817'],
    ['two bytes where one does', '1900ff'],
    ['four bytes where two do', '1a0000ffff'],
    ['eight bytes where four do', '1b00000000ffffffff'],
    ['a number beyond 2^53', '1b0020000000000000'],
    ['an indefinite length', '5f4101ff'],
    ['a negative number', '20'],
    ['a map', 'a0'],
    ['a tag', 'c001'],
    ['a boolean', 'f5'],
    ['a reserved head', '1c'],
    ['text that is no UTF-8', '61ff'],
    ['bytes that are not there', '5b001fffffffffffff'],
  ])('refuses %s', (_what, encoded) => {
    expect(parseCbor(bytes(encoded))).toBeNull();
  });

  it('goes no deeper and takes no longer arrays than pairing has', () => {
    expect(parseCbor(encodeCbor(nested(CBOR_DEPTH_MAX)))).not.toBeNull();
    expect(parseCbor(encodeCbor(nested(CBOR_DEPTH_MAX + 1)))).toBeNull();
    expect(parseCbor(encodeCbor(new Array<number>(CBOR_ITEMS_MAX).fill(1)))).not.toBeNull();
    expect(parseCbor(encodeCbor(new Array<number>(CBOR_ITEMS_MAX + 1).fill(1)))).toBeNull();
  });

  it.each([-1, 1.5, Number.MAX_SAFE_INTEGER + 1, Number.NaN])('does not encode %d', (number) => {
    expect(() => encodeCbor(number)).toThrow(TypeError);
  });
});
