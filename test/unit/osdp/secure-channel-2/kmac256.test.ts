import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sponge } from '#adapters/osdp/secure-channel-2/keccak.ts';
import { kmac256 } from '#adapters/osdp/secure-channel-2/kmac256.ts';

const SHAKE_SUFFIX = 0x1f;
const counting = (first: number, length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (first + index) & 0xff);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();

describe('the sponge', () => {
  it('is the one of SHAKE256 for every length in and out', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 1, max: 400 }), (message, outputLength) => {
        const expected = createHash('shake256', { outputLength }).update(message).digest('hex').toUpperCase();
        expect(hex(sponge(message, SHAKE_SUFFIX, outputLength))).toBe(expected);
      }),
    );
  });

  it.each([134, 135, 136, 137, 271, 272, 273])('pads a message of %i bytes right', (length) => {
    const message = counting(7, length);
    const expected = createHash('shake256', { outputLength: 64 }).update(message).digest('hex').toUpperCase();
    expect(hex(sponge(message, SHAKE_SUFFIX, 64))).toBe(expected);
  });
});

describe('KMAC256', () => {
  const key = counting(0x40, 32);
  const tagged = new TextEncoder().encode('My Tagged Application');

  it('gives the three samples of NIST SP 800-185', () => {
    expect(hex(kmac256(key, counting(0, 4), 64, tagged))).toBe(
      '20C570C31346F703C9AC36C61C03CB64C3970D0CFC787E9B79599D273A68D2F7F69D4CC3DE9D104A351689F27CF6F5951F0103F33F4F24871024D9C27773A8DD',
    );
    expect(hex(kmac256(key, counting(0, 200), 64))).toBe(
      '75358CF39E41494E949707927CEE0AF20A3FF553904C86B08F21CC414BCFD691589D27CF5E15369CBBFF8B9A4C2EB17800855D0235FF635DA82533EC6B759B69',
    );
    expect(hex(kmac256(key, counting(0, 200), 64, tagged))).toBe(
      'B58618F71F92E1D56C1B8C55DDD7CD188B97B4CA4D99831EB2699A837DA2E4D970FBACFDE50033AEA585F1A2708510C32D07880801BD182898FE476876FC8965',
    );
  });

  it('leaves the caller its key and its message', () => {
    const message = counting(1, 32);
    kmac256(key, message, 32);
    expect(key).toEqual(counting(0x40, 32));
    expect(message).toEqual(counting(1, 32));
  });
});
