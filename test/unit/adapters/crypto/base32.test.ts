import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBase32 } from '#adapters/crypto/base32.ts';

describe('encodeBase32', () => {
  // RFC 4648 section 10, lower case and without padding.
  it.each([
    ['', ''],
    ['f', 'my'],
    ['fo', 'mzxq'],
    ['foo', 'mzxw6'],
    ['foob', 'mzxw6yq'],
    ['fooba', 'mzxw6ytb'],
    ['foobar', 'mzxw6ytboi'],
  ])('encodes %j as %j', (text, encoded) => {
    expect(encodeBase32(new TextEncoder().encode(text))).toBe(encoded);
  });

  it('gives different texts for different bytes of one length', () => {
    const sameLength = fc.integer({ min: 1, max: 20 }).chain((size) => {
      const bytes = fc.uint8Array({ minLength: size, maxLength: size });
      return fc.tuple(bytes, bytes);
    });
    fc.assert(
      fc.property(sameLength, ([a, b]) => {
        expect(encodeBase32(a) === encodeBase32(b)).toBe(a.join() === b.join());
      }),
    );
  });
});
