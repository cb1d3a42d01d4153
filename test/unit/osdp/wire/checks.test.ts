import { describe, expect, it } from 'vitest';
import { checksum } from '#adapters/osdp/wire/checksum.ts';
import { crc16 } from '#adapters/osdp/wire/crc16.ts';
import vectors from '../../../vectors/osdp/checks.json' with { type: 'json' };

describe('CRC-16', () => {
  it.each(vectors.crc16)('gives $crc for $bytes', ({ bytes, crc }) => {
    expect(crc16(Buffer.from(bytes, 'hex'))).toBe(Number.parseInt(crc, 16));
  });

  it('looks no further than the given end', () => {
    expect(crc16(Uint8Array.of(0x53, 1, 2, 3), 1)).toBe(0xa60a);
  });
});

describe('checksum', () => {
  it.each(vectors.checksum)('gives $sum for $bytes', ({ bytes, sum }) => {
    expect(checksum(Buffer.from(bytes, 'hex'))).toBe(Number.parseInt(sum, 16));
  });
});
