import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SecureChannel, openChannel, openFrame, sealFrame } from '#adapters/osdp/secure-channel/channel.ts';
import { computeMac } from '#adapters/osdp/secure-channel/chaining.ts';
import { deriveSessionKeys, destroySessionKeys } from '#adapters/osdp/secure-channel/session-keys.ts';
import { type Frame, encodeFrame, parseFrame } from '#adapters/osdp/wire/frame.ts';
import { Framer } from '#adapters/osdp/wire/framer.ts';
import { bitFlips } from '../wire/frame-samples.ts';

const scbk = Uint8Array.from({ length: 16 }, (_, index) => 0xc0 ^ (index * 17));
const line = { address: 3, sequence: 2 } as const;
const message = (length: number) => ({ code: 0x50, data: new Uint8Array(length).fill(0x5a) });

function freshChannel(): SecureChannel {
  return openChannel(deriveSessionKeys(scbk, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)), new Uint8Array(16).fill(9));
}

function frameOf(bytes: Uint8Array): Frame {
  const [frame] = new Framer().push(bytes);
  if (frame === undefined) throw new TypeError('no frame');
  return frame;
}

describe('secure channel', () => {
  it('carries bodies of every length in both directions, each frame chained to the one before', () => {
    let acu = freshChannel();
    let pd = freshChannel();
    for (let length = 0; length < 70; length += 1) {
      const command = sealFrame(acu, 'command', line, message(length));
      const heard = openFrame(pd, frameOf(command.bytes));
      expect(heard).toMatchObject({ ok: true, data: message(length).data });
      if (!heard.ok) return;
      const reply = sealFrame(heard.channel, 'reply', line, message(69 - length));
      const answered = openFrame(command.channel, frameOf(reply.bytes));
      expect(answered).toMatchObject({ ok: true, data: message(69 - length).data });
      if (!answered.ok) return;
      acu = answered.channel;
      pd = reply.channel;
    }
  });

  it('encrypts every body: the plaintext is nowhere in the frame', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 64 }), (data) => {
        const { bytes } = sealFrame(freshChannel(), 'reply', line, { code: 0x50, data });
        expect(Buffer.from(bytes).includes(Buffer.from(data))).toBe(false);
      }),
    );
  });

  it('refuses every single-bit change, whatever the CRC says', () => {
    const { bytes } = sealFrame(freshChannel(), 'reply', line, message(10));
    for (const flipped of bitFlips(bytes.subarray(0, bytes.length - 2))) {
      const frame = parseFrame(Uint8Array.of(...flipped, 0, 0));
      if (frame === null || frame.mac === null || frame.direction === 'command') continue;
      expect(openFrame(freshChannel(), frame).ok).toBe(false);
    }
  });

  it('refuses the same frame a second time', () => {
    const { bytes } = sealFrame(freshChannel(), 'reply', line, message(10));
    const first = openFrame(freshChannel(), frameOf(bytes));
    expect(first.ok).toBe(true);
    if (first.ok)
      expect(openFrame({ ...first.channel, commandMac: new Uint8Array(16).fill(7) }, frameOf(bytes))).toEqual({
        ok: false,
        reason: 'mac_mismatch',
      });
  });

  it('refuses a body inside SCS_16 although its MAC is right', () => {
    const channel = freshChannel();
    const bytes = encodeFrame(
      {
        ...line,
        direction: 'reply',
        check: 'crc',
        block: { type: 0x16, data: new Uint8Array(0) },
        code: 0x50,
        data: Uint8Array.of(0, 1, 8, 0, 0xaa),
      },
      (covered) => computeMac(channel.keys, channel.commandMac, covered),
    );
    expect(openFrame(channel, frameOf(bytes))).toEqual({ ok: false, reason: 'cleartext' });
  });

  it('takes the reason of a NAK inside SCS_16, as libosdp 3.2 sends it', () => {
    const channel = freshChannel();
    const bytes = encodeFrame(
      { ...line, direction: 'reply', check: 'crc', block: { type: 0x16, data: new Uint8Array(0) }, code: 0x41, data: Uint8Array.of(3) },
      (covered) => computeMac(channel.keys, channel.commandMac, covered),
    );
    expect(openFrame(channel, frameOf(bytes))).toMatchObject({ ok: true, data: Uint8Array.of(3) });
  });

  it('refuses a command where a reply belongs', () => {
    const channel = freshChannel();
    const bytes = encodeFrame(
      { ...line, direction: 'reply', check: 'crc', block: { type: 0x15, data: new Uint8Array(0) }, code: 0x40, data: new Uint8Array(0) },
      (covered) => computeMac(channel.keys, channel.commandMac, covered),
    );
    expect(openFrame(channel, frameOf(bytes))).toEqual({ ok: false, reason: 'malformed' });
  });

  it('refuses a frame without any block as cleartext', () => {
    const bytes = encodeFrame({ ...line, direction: 'reply', check: 'crc', block: null, code: 0x40, data: new Uint8Array(0) });
    expect(openFrame(freshChannel(), frameOf(bytes))).toEqual({ ok: false, reason: 'cleartext' });
  });

  it('leaves the caller its key and keeps none: destroyed session keys cannot be used', () => {
    const key = new Uint8Array(scbk);
    const keys = deriveSessionKeys(key, new Uint8Array(8));
    expect(key).toEqual(scbk);
    destroySessionKeys(keys);
    destroySessionKeys(keys);
    expect(() => keys.encryption.encrypt(new Uint8Array(16))).toThrow();
  });
});
