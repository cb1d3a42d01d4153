import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openChannel, openFrame, sealFrame } from '#adapters/osdp/secure-channel/channel.ts';
import { deriveSessionKeys } from '#adapters/osdp/secure-channel/session-keys.ts';
import {
  MESSAGES_MAX,
  type SecureChannel2,
  gcmNonce,
  openChannel2,
  openFrame2,
  sealFrame2,
} from '#adapters/osdp/secure-channel-2/channel-2.ts';
import { deriveSessionKeys2 } from '#adapters/osdp/secure-channel-2/session-keys-2.ts';
import { CHANNEL_SUITE_2 } from '#adapters/osdp/secure-channel-2/suite-2.ts';
import { REKEY_AFTER_EXCHANGES } from '#adapters/osdp/session/limits.ts';
import { FRAME_LENGTH_MAX, type Frame, encodeFrame, parseFrame } from '#adapters/osdp/wire/frame.ts';
import { Framer } from '#adapters/osdp/wire/framer.ts';
import { SCS2 } from '#adapters/osdp/wire/security-block.ts';
import { bitFlips } from '../wire/frame-samples.ts';

const scbk = Uint8Array.from({ length: 32 }, (_, index) => 0xc0 ^ (index * 17));
const [rndA, rndB, clientId] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2), new Uint8Array(8).fill(3)];
const line = { address: 3, sequence: 2 } as const;
const NO_DATA = new Uint8Array(0);
const message = (length: number) => ({ code: 0x50, data: new Uint8Array(length).fill(0x5a) });
const body = fc.record({ code: fc.integer({ min: 0, max: 255 }), data: fc.uint8Array({ maxLength: 300 }) });

const freshChannel = (): SecureChannel2 => openChannel2(deriveSessionKeys2(scbk, rndA, rndB), clientId);

function frameOf(bytes: Uint8Array): Frame {
  const [frame] = new Framer({ checksum: 'accept' }).push(bytes);
  if (frame === undefined) throw new TypeError('no frame');
  return frame;
}

describe('secure channel 2', () => {
  it('carries any messages in turn, with CRC and with checksum, and hides their codes', () => {
    fc.assert(
      fc.property(
        fc.array(body, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('crc' as const, 'checksum' as const),
        (messages, check) => {
          let [sender, receiver] = [freshChannel(), freshChannel()];
          messages.forEach((sent, index) => {
            const sealed = sealFrame2(sender, index % 2 === 0 ? 'command' : 'reply', { ...line, check }, sent);
            const opened = openFrame2(receiver, frameOf(sealed.bytes));
            expect(opened).toMatchObject({ ok: true, code: sent.code });
            if (!opened.ok) return;
            expect(Buffer.compare(opened.data, sent.data)).toBe(0);
            if (sent.data.length >= 4) expect(Buffer.from(sealed.bytes).includes(Buffer.from(sent.data))).toBe(false);
            [sender, receiver] = [sealed.channel, opened.channel];
          });
          expect(receiver.counter).toBe(messages.length);
        },
      ),
    );
  });

  it('uses no nonce twice', () => {
    const channel = freshChannel();
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: MESSAGES_MAX }), { minLength: 2, maxLength: 200 }), (counters) => {
        const nonces = counters.map((counter) => Buffer.from(gcmNonce(channel.keys, clientId, counter)).toString('hex'));
        expect(new Set(nonces).size).toBe(counters.length);
      }),
      { numRuns: 20 },
    );
  });

  it.each([0, 1, 10])('refuses every single-bit change of a body of %i bytes, whatever the check says', (length) => {
    const { bytes } = sealFrame2(freshChannel(), 'reply', line, message(length));
    for (const flipped of bitFlips(bytes.subarray(0, bytes.length - 2))) {
      const frame = parseFrame(Uint8Array.of(...flipped, 0, 0));
      if (frame !== null) expect(openFrame2(freshChannel(), frame).ok).toBe(false);
    }
  });

  it('refuses every truncation, also with a length that fits', () => {
    const { bytes } = sealFrame2(freshChannel(), 'reply', line, message(20));
    for (let length = 8; length < bytes.length - 2; length += 1) {
      const cut = Uint8Array.of(...bytes.subarray(0, length), 0, 0);
      const claimed = Uint8Array.from(cut);
      claimed[2] = cut.length;
      for (const frame of [parseFrame(cut), parseFrame(claimed)])
        if (frame !== null) expect(openFrame2(freshChannel(), frame).ok).toBe(false);
    }
  });

  it('takes each of many frames only at its own place: no replay, no other order, none left out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 15 }), (place, moved) => {
        let sender = freshChannel();
        const frames = Array.from({ length: 16 }, () => {
          const sealed = sealFrame2(sender, 'command', line, message(2));
          sender = sealed.channel;
          return sealed.bytes;
        });
        const opened = openFrame2({ ...freshChannel(), counter: place }, frameOf(frames[moved] ?? NO_DATA));
        expect(opened.ok).toBe(place === moved);
      }),
    );
  });

  it('refuses its own command as the reply to it', () => {
    const { bytes, channel } = sealFrame2(freshChannel(), 'command', line, message(1));
    const reflected = Uint8Array.from(bytes);
    reflected[1] = (reflected[1] ?? 0) | 0x80;
    reflected[6] = SCS2.replyEncrypted;
    const frame = parseFrame(reflected);
    if (frame === null) throw new TypeError('no frame');
    expect(openFrame2(channel, frame)).toEqual({ ok: false, reason: 'mac_mismatch' });
    expect(openFrame2(freshChannel(), frame)).toEqual({ ok: false, reason: 'mac_mismatch' });
  });

  it('refuses clear text, SCS_25, SCS_26 and frames of secure channel 1', () => {
    const clear = encodeFrame({ ...line, direction: 'reply', check: 'crc', block: null, code: 0x40, data: NO_DATA });
    const authenticated = [SCS2.commandTag, SCS2.replyTag].map((type) =>
      encodeFrame(
        {
          ...line,
          direction: type % 2 === 1 ? 'command' : 'reply',
          check: 'crc',
          block: { type, data: NO_DATA },
          code: 0x40,
          data: NO_DATA,
        },
        () => new Uint8Array(16),
      ),
    );
    const first = sealFrame(
      openChannel(deriveSessionKeys(scbk.subarray(0, 16), rndA), new Uint8Array(16)),
      'reply',
      line,
      message(4),
    ).bytes;
    for (const bytes of [clear, ...authenticated, first]) {
      expect(openFrame2(freshChannel(), frameOf(bytes))).toEqual({ ok: false, reason: 'cleartext' });
    }
  });

  it('is refused by secure channel 1', () => {
    const { bytes } = sealFrame2(freshChannel(), 'reply', line, message(4));
    const channel = openChannel(deriveSessionKeys(scbk.subarray(0, 16), rndA), new Uint8Array(16));
    expect(openFrame(channel, frameOf(bytes)).ok).toBe(false);
  });

  it('ends with the last message of its keys, and a reader is never without a number for its reply', () => {
    const before = { ...freshChannel(), counter: MESSAGES_MAX - 2 };
    const last = sealFrame2(before, 'command', line, message(1));
    const heard = openFrame2(before, frameOf(last.bytes));
    if (!heard.ok) throw new TypeError('not opened');
    const reply = sealFrame2(heard.channel, 'reply', line, message(1));
    expect(openFrame2(last.channel, frameOf(reply.bytes))).toMatchObject({ ok: true, channel: { counter: MESSAGES_MAX } });
    expect(() => sealFrame2(reply.channel, 'command', line, message(1))).toThrow(TypeError);
    expect(() => sealFrame2(reply.channel, 'reply', line, message(1))).toThrow(TypeError);
    expect(() => sealFrame2({ ...before, counter: MESSAGES_MAX - 1 }, 'command', line, message(1))).toThrow(TypeError);
    expect(openFrame2({ ...before, counter: MESSAGES_MAX - 1 }, frameOf(last.bytes))).toEqual({ ok: false, reason: 'malformed' });
  });

  it('is renewed by a session long before that', () => {
    expect(2 * REKEY_AFTER_EXCHANGES).toBeLessThan(MESSAGES_MAX);
  });

  it.each([128, 129, 1_000, FRAME_LENGTH_MAX])('fills a frame of %i bytes to the last one', (frameMax) => {
    const { bytes } = sealFrame2(freshChannel(), 'command', line, message(CHANNEL_SUITE_2.bodyMax(frameMax)));
    expect(bytes).toHaveLength(frameMax);
  });

  it('leaves the caller its key and keeps none: destroyed keys cannot be used', () => {
    const key = new Uint8Array(scbk);
    const secret = CHANNEL_SUITE_2.begin(key, rndA);
    const { keys, channel, leftover } = secret.agree(rndB, clientId);
    expect(leftover).toBe(secret);
    expect(key).toEqual(scbk);
    keys.destroy();
    keys.destroy();
    if (channel.version !== 2) throw new TypeError('another channel');
    expect(() => sealFrame2(channel, 'command', line, message(1))).toThrow();
    expect(() => channel.keys.cryptogram(rndA, rndB)).toThrow(TypeError);
    expect(() => channel.keys.seal(new Uint8Array(12), NO_DATA, NO_DATA)).toThrow(TypeError);
  });

  it('gives no keys once its secret is destroyed, and none for a key or nonce of secure channel 1', () => {
    const secret = CHANNEL_SUITE_2.begin(scbk, rndA);
    secret.destroy();
    expect(() => secret.agree(rndB, clientId)).toThrow(TypeError);
    expect(() => CHANNEL_SUITE_2.begin(scbk.subarray(0, 16), rndA)).toThrow(TypeError);
    expect(() => CHANNEL_SUITE_2.begin(scbk, rndA.subarray(0, 8))).toThrow(TypeError);
  });
});
