import { describe, expect, it } from 'vitest';
import { encodeControlByte, nextSequence, parseControlByte } from '#adapters/osdp/wire/control-byte.ts';

describe('control byte', () => {
  it.each([0, 1, 2, 3] as const)('050-09-07: keeps sequence %i, check and block through a round trip', (sequence) => {
    for (const check of ['crc', 'checksum'] as const) {
      for (const hasSecurityBlock of [true, false]) {
        const control = { sequence, check, hasSecurityBlock };
        expect(parseControlByte(encodeControlByte(control))).toEqual(control);
      }
    }
  });

  it('counts 0, 1, 2, 3, 1 and never back to 0', () => {
    expect([0, 1, 2, 3].map((sequence) => nextSequence(parseControlByte(sequence).sequence))).toEqual([1, 2, 3, 1]);
  });
});
