import { describe, expect, it } from 'vitest';
import { gcmNonce, openChannel2, openFrame2, sealFrame2 } from '#adapters/osdp/secure-channel-2/channel-2.ts';
import { deriveConfirmationKeys, derivePairedScbk } from '#adapters/osdp/pairing/pairing-keys.ts';
import { deriveKeys2, deriveSessionKeys2 } from '#adapters/osdp/secure-channel-2/session-keys-2.ts';
import { Framer } from '#adapters/osdp/wire/framer.ts';
import type { Sequence } from '#adapters/osdp/wire/control-byte.ts';
import pairing from '../../../vectors/osdp/pairing-keys.json' with { type: 'json' };
import vector from '../../../vectors/osdp/secure-channel-2.json' with { type: 'json' };

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const [scbk, rndA, rndB, clientId] = [bytes(vector.scbk), bytes(vector.rndA), bytes(vector.rndB), bytes(vector.clientId)];
const keys = deriveSessionKeys2(scbk, rndA, rndB);

describe('the published vectors of secure channel 2', () => {
  it('are the derived keys', () => {
    const { sEnc, sNonce } = deriveKeys2(scbk, rndA, rndB);
    expect(hex(sEnc)).toBe(vector.sEnc);
    expect(hex(sNonce)).toBe(vector.sNonce);
  });

  it('are the nonce of the first message', () => {
    expect(hex(gcmNonce(keys, clientId, 0))).toBe(vector.nonce0);
  });

  it('are four frames, sealed and opened, with one counter for both directions', () => {
    let sender = openChannel2(keys, clientId);
    let receiver = openChannel2(keys, clientId);
    for (const frame of vector.frames) {
      const direction = frame.direction === 'command' ? 'command' : 'reply';
      const line = { address: 0, sequence: frame.sequence as Sequence }; // 1 or 2
      const sealed = sealFrame2(sender, direction, line, { code: frame.code, data: new Uint8Array(0) });
      expect(hex(sealed.bytes)).toBe(frame.bytes);
      sender = sealed.channel;
      const [heard] = new Framer().push(bytes(frame.bytes));
      if (heard === undefined) throw new TypeError('not a frame');
      const opened = openFrame2(receiver, heard);
      expect(opened).toMatchObject({ ok: true, code: frame.code });
      if (opened.ok) receiver = opened.channel;
    }
    expect(receiver.counter).toBe(4);
  });
});

it('gives the published keys of the pairing draft', () => {
  const secret = bytes(pairing.sharedSecret);
  const { m2, m3, m4 } = deriveConfirmationKeys(secret, bytes(pairing.transcriptHash2));
  expect([m2, m3, m4].map(hex)).toEqual([pairing.m2, pairing.m3, pairing.m4]);
  expect(hex(derivePairedScbk(secret, bytes(pairing.transcriptHash4)))).toBe(pairing.scbk);
});
