import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCard, parseCard, toBadgeKey, type Card } from '#gateway/domain/people/card-format.ts';

const h10301 = fc.record({
  format: fc.constant('H10301' as const),
  facility: fc.integer({ min: 0, max: 255 }),
  number: fc.integer({ min: 0, max: 65_535 }).map(String),
});
const h10302 = fc.record({
  format: fc.constant('H10302' as const),
  facility: fc.constant(null),
  number: fc.bigInt({ min: 0n, max: 2n ** 35n - 1n }).map(String),
});
const h10304 = fc.record({
  format: fc.constant('H10304' as const),
  facility: fc.integer({ min: 0, max: 65_535 }),
  number: fc.integer({ min: 0, max: 2 ** 19 - 1 }).map(String),
});

const encoded = (card: Card): { bits: Uint8Array; bitCount: number } => {
  const bits = encodeCard(card);
  if (bits === null) throw new Error('the card does not fit its format');
  return bits;
};

describe('card formats', () => {
  it('reads back every card that it encodes', () => {
    fc.assert(
      fc.property(fc.oneof(h10301, h10302, h10304), (card) => {
        const { bits, bitCount } = encoded(card);
        expect(parseCard(bits, bitCount)).toContainEqual(card);
      }),
    );
  });

  it('reads a 26-bit card with facility 12 and number 3456 from its published bits', () => {
    // P 00001100 0000110110000000 P: even parity over the first 12 data bits (two ones: 0), odd over the last 12 (011011... = 4 ones: 1).
    const { bits, bitCount } = encoded({ format: 'H10301', facility: 12, number: '3456' });
    expect(bitCount).toBe(26);
    expect([...bits]).toEqual([0b00000110, 0b00000110, 0b11000000, 0b01000000]);
  });

  it('reads 37 bits as both formats that share the length', () => {
    const { bits, bitCount } = encoded({ format: 'H10304', facility: 400, number: '2001' });
    expect(parseCard(bits, bitCount).map(({ format }) => format)).toEqual(['H10302', 'H10304']);
  });

  it('refuses a card with any single data or parity bit flipped', () => {
    fc.assert(
      fc.property(h10301, fc.integer({ min: 0, max: 25 }), (card, flip) => {
        const { bits, bitCount } = encoded(card);
        bits[flip >> 3] = (bits[flip >> 3] ?? 0) ^ (0x80 >> (flip & 7));
        expect(parseCard(bits, bitCount)).toEqual([]);
      }),
    );
  });

  it('knows no card of another length, nor one that claims more bits than it carries', () => {
    const { bits } = encoded({ format: 'H10301', facility: 1, number: '1' });
    expect(parseCard(bits, 27)).toEqual([]);
    expect(parseCard(bits.subarray(0, 3), 26)).toEqual([]);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 16 }), fc.nat(200), (random, count) => void parseCard(random, count)));
  });

  it('does not encode numbers that its format cannot hold', () => {
    expect(encodeCard({ format: 'H10301', facility: 256, number: '1' })).toBeNull();
    expect(encodeCard({ format: 'H10301', facility: 1, number: '65536' })).toBeNull();
    expect(encodeCard({ format: 'H10302', facility: null, number: 'x' })).toBeNull();
  });

  it('keeps facility and number apart in the key', () => {
    expect(toBadgeKey({ format: 'H10301', facility: 1, number: '23' })).toBe('H10301:1:23');
    expect(toBadgeKey({ format: 'H10302', facility: null, number: '123' })).toBe('H10302::123');
  });
});
