import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findKeyWeakness, isPublicKey, type KeyWeakness } from '#adapters/osdp/secure-channel/session-keys.ts';

const stepping = (first: number, step: number): Uint8Array => Uint8Array.from({ length: 16 }, (_, index) => (first + index * step) & 0xff);
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

describe('the keys that everybody knows', () => {
  it.each<[KeyWeakness, string]>([
    ['standard', '303132333435363738393a3b3c3d3e3f'],
    ['repeated', '00000000000000000000000000000000'],
    ['repeated', 'ffffffffffffffffffffffffffffffff'],
    ['counting', '000102030405060708090a0b0c0d0e0f'],
    ['counting', '101112131415161718191a1b1c1d1e1f'],
    ['counting', '0f0e0d0c0b0a09080706050403020100'],
    ['counting', 'f8f9fafbfcfdfeff0001020304050607'],
    ['printed', '2b7e151628aed2a6abf7158809cf4f3c'],
    ['printed', '00112233445566778899aabbccddeeff'],
    ['printed', 'ffeeddccbbaa99887766554433221100'],
    ['printed', '0123456789abcdef0123456789abcdef'],
    ['printed', '0123456789abcdeffedcba9876543210'],
    ['printed', 'deadbeefdeadbeefdeadbeefdeadbeef'],
    ['printed', 'd459f02f6602e5651f3b553bc283d43e'],
  ])('are %s: %s', (weakness, hex) => {
    expect(findKeyWeakness(bytes(hex))).toBe(weakness);
  });

  it('are the 768 patterns, from each of their 256 beginnings', () => {
    const patterns = [0, 1, 255].flatMap((step) => Array.from({ length: 256 }, (_, first) => stepping(first, step)));
    expect(patterns).toHaveLength(768);
    expect(patterns.filter((key) => !isPublicKey(key))).toEqual([]);
  });

  it.each<[KeyWeakness, string]>([
    ['counting', '303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f'],
    ['repeated', '00'.repeat(32)],
    ['repeated', '9d1c66b2f03e4a875b0e21c4d97f6a18'.repeat(2)],
    ['repeated', `9d1c66b2f03e4a875b0e21c4d97f6a18${'00'.repeat(16)}`],
    ['standard', `303132333435363738393a3b3c3d3e3f9d1c66b2f03e4a875b0e21c4d97f6a18`],
    ['printed', `9d1c66b2f03e4a875b0e21c4d97f6a18deadbeefdeadbeefdeadbeefdeadbeef`],
    ['printed', '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4'],
    ['printed', '8eaf7fd9de1332fd2f3f18378b8afb81e90e83238ba324cb7bdc3f38146835d4'],
  ])('are %s with 32 bytes as well, whole or in one half: %s', (weakness, hex) => {
    expect(findKeyWeakness(bytes(hex))).toBe(weakness);
  });

  it('are not those of a generator with 32 bytes', () => {
    expect(findKeyWeakness(bytes('9d1c66b2f03e4a875b0e21c4d97f6a185ce07b93a1f2446d8830b9d75e1fc204'))).toBeNull();
  });

  it('are not those that differ from one of them in a single bit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 255), fc.integer({ min: 0, max: 127 }), (first, step, bit) => {
        const key = stepping(first, step);
        const index = bit >> 3;
        key[index] = (key[index] ?? 0) ^ (1 << (bit & 7));
        return !isPublicKey(key);
      }),
    );
  });

  it('are not others, such as those of a generator', () => {
    expect(isPublicKey(bytes('9d1c66b2f03e4a875b0e21c4d97f6a18'))).toBe(false);
    expect(isPublicKey(stepping(0, 2))).toBe(false);
  });
});
