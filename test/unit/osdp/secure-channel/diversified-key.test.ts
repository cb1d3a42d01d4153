import { describe, expect, it } from 'vitest';
import { diversifiedKey } from '#adapters/osdp/secure-channel/diversified-key.ts';
import { CHANNEL_SUITE_1 } from '#adapters/osdp/secure-channel/suite-1.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const MASTER = '9d1c66b2f03e4a875b0e21c4d97f6a18';

describe('a key from a master key', () => {
  // printf '%s' 0102030405060708fefdfcfbfaf9f8f7 | xxd -r -p | openssl enc -aes-128-ecb -K $MASTER -nopad | xxd -p
  // and libosdp 3.2.9: osdp_compute_scbk of a PD with that cUID and this master key.
  it.each([
    ['0102030405060708', 'b924f02d0404e689e056ea4f98ff0dd4'],
    ['cafedeed00112233', '10ea6eaee824d198d87b072364e4d5dc'],
  ])('is what OpenSSL and libosdp make of cUID %s and its complement', (clientId, key) => {
    expect(Buffer.from(diversifiedKey(bytes(MASTER), bytes(clientId))).toString('hex')).toBe(key);
  });

  it('is of no length but the standard one', () => {
    expect(() => diversifiedKey(bytes(MASTER).subarray(1), new Uint8Array(8))).toThrow(TypeError);
    expect(() => diversifiedKey(bytes(MASTER), new Uint8Array(7))).toThrow(TypeError);
    expect(() => diversifiedKey(bytes(MASTER), new Uint8Array(9))).toThrow(TypeError);
  });

  it('opens the channel that the derived key opens', () => {
    const [rndA, rndB, clientId] = [
      Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1),
      bytes('cafedeed00112233'),
    ];
    const own = CHANNEL_SUITE_1.begin(diversifiedKey(bytes(MASTER), clientId), rndA).agree(rndB, clientId);
    const derived = CHANNEL_SUITE_1.beginDiversified?.(bytes(MASTER), rndA).agree(rndB, clientId);
    expect(derived?.clientCryptogram).toEqual(own.clientCryptogram);
    expect(derived?.serverCryptogram).toEqual(own.serverCryptogram);
    expect(derived?.confirmation).toEqual(own.confirmation);
    expect(derived?.leftover).not.toBeNull();
  });
});
