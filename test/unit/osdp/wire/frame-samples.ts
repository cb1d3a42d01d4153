import fc from 'fast-check';
import { encodeFrame } from '#adapters/osdp/wire/frame.ts';

export const sequence = fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const);

export const frameFields = fc.record({
  address: fc.integer({ min: 0, max: 0x7f }),
  direction: fc.constantFrom('command' as const, 'reply' as const),
  sequence,
  check: fc.constant('crc' as const),
  block: fc.option(
    fc.record({
      type: fc.constantFrom(0x15, 0x16, 0x17, 0x18),
      data: fc.constant(new Uint8Array(0)),
    }),
    { nil: null },
  ),
  code: fc.integer({ min: 0x40, max: 0xb1 }),
  data: fc.uint8Array({ maxLength: 64 }),
});

export type FrameFields = typeof frameFields extends fc.Arbitrary<infer Fields> ? Fields : never;

export function bytesOf(fields: FrameFields): Uint8Array {
  return encodeFrame(fields, () => Uint8Array.of(1, 2, 3, 4));
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
