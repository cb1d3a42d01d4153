import fc from 'fast-check';
import { encodeFrame } from '#adapters/osdp/wire/frame.ts';

/** Those of secure channel 1 and 2, and one that is nobody's. */
export const BLOCK_TYPES = [0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x99] as const;

export const sequence = fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const);

export const frameFields = fc.record({
  address: fc.integer({ min: 0, max: 0x7e }),
  direction: fc.constantFrom('command' as const, 'reply' as const),
  sequence,
  check: fc.constant('crc' as const),
  block: fc.option(
    fc.record({
      type: fc.constantFrom(...BLOCK_TYPES),
      data: fc.uint8Array({ maxLength: 2 }),
    }),
    { nil: null },
  ),
  code: fc.integer({ min: 0x40, max: 0xb1 }),
  data: fc.uint8Array({ maxLength: 64 }),
});

export type FrameFields = typeof frameFields extends fc.Arbitrary<infer Fields> ? Fields : never;

const authenticated = new Uint8Array(16).map((_, index) => index + 1);

export function bytesOf(fields: FrameFields): Uint8Array {
  return encodeFrame(fields, () => authenticated);
}

/** A whole frame of exactly `length` bytes. */
export function frameOfLength(length: number): Uint8Array {
  return encodeFrame({
    address: 1,
    direction: 'reply',
    sequence: 1,
    check: 'crc',
    block: null,
    code: 0x50,
    data: new Uint8Array(length - 8).fill(0x11),
  });
}

/** Every single-bit change of `bytes`. */
export function* bitFlips(bytes: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = new Uint8Array(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    yield flipped;
  }
}
