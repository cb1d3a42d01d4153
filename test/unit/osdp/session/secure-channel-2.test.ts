import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Frame, encodeFrame } from '#adapters/osdp/wire/frame.ts';
import { KEY_KIND, SCS, SCS2 } from '#adapters/osdp/wire/security-block.ts';
import { SCBK2, SessionRig, frameOf } from './session-rig.ts';

const rig2 = (): SessionRig => new SessionRig({ secureChannel: 2 });
const encoded = (frame: Frame): Uint8Array => encodeFrame(frame, () => frame.mac ?? new Uint8Array(16));

/** Goes on until the reader has answered in this phase; its answer is not yet heard. */
function untilReply(rig: SessionRig, phase: 'challenge' | 'cryptogram'): Frame {
  for (let exchanges = 0; rig.state.phase !== phase; exchanges += 1) {
    if (exchanges > 10) throw new TypeError(`never came to ${phase}`);
    rig.exchange();
  }
  const sent = rig.turn();
  if (sent === null) throw new TypeError('nothing was sent');
  return frameOf(rig.replyTo(sent));
}

describe('a session that speaks secure channel 2', () => {
  it('comes on line', () => {
    const rig = rig2();
    rig.bringOnlineKeepingEffects();
    expect(rig.state.security).toMatchObject({ name: 'open', channel: { version: 2 } });
    expect(rig.alarms()).toEqual([]);
  });

  it('drops the key it kept for the handshake as soon as the reader has answered', () => {
    const rig = rig2();
    const answer = untilReply(rig, 'challenge');
    const { security } = rig.state;
    if (security.name !== 'challenged') throw new TypeError('not challenged');
    rig.hear(answer.bytes);
    expect(rig.state.phase).toBe('cryptogram');
    expect(() => security.secret.agree(new Uint8Array(16), new Uint8Array(8))).toThrow(TypeError);
  });

  it.each([
    ['the key that everybody knows', KEY_KIND.scbkD, 'osdp.default_key_refused'],
    ['secure channel 1', KEY_KIND.scbk, 'osdp.cleartext_refused'],
  ])('ends when the reader names %s', (_what, kind, alarm) => {
    const rig = rig2();
    const answer = untilReply(rig, 'challenge');
    rig.hear(encoded({ ...answer, block: { type: SCS2.clientCryptogram, data: Uint8Array.of(kind) } }));
    expect(rig.alarms()).toEqual([alarm]);
    expect(rig.state.security.name).toBe('none');
  });

  it.each([SCS.clientCryptogram, SCS.initialRMac])('ends at a block of secure channel 1 in its handshake: %i', (type) => {
    const rig = rig2();
    const answer = untilReply(rig, 'challenge');
    rig.hear(encoded({ ...answer, block: { type, data: Uint8Array.of(KEY_KIND.scbk) } }));
    expect(rig.alarms()).toEqual(['osdp.cleartext_refused']);
    expect(rig.state.security.name).toBe('none');
  });

  it('ends at a frame of secure channel 1 in its channel', () => {
    const rig = rig2().bringOnline();
    const sent = rig.turn();
    if (sent === null) throw new TypeError('no poll');
    const reply = frameOf(rig.replyTo(sent));
    const block = { type: SCS.replyMac, data: new Uint8Array(0) };
    rig.hear(encodeFrame({ ...reply, code: 0x40, data: new Uint8Array(0), block }, () => new Uint8Array(4)));
    expect(rig.alarms()).toEqual(['osdp.cleartext_refused']);
  });

  it('is refused by a reader of secure channel 1, and refuses to follow it there', () => {
    const rig = new SessionRig({ secureChannel: 1 }, 2);
    for (let exchanges = 0; exchanges < 12; exchanges += 1) rig.exchange();
    expect(rig.alarms()).toEqual(['osdp.cleartext_refused']);
    expect(rig.pd.isSecure).toBe(false);
  });

  it('is refused by a reader of secure channel 2 when it speaks 1', () => {
    const rig = new SessionRig({ secureChannel: 2 }, 1);
    for (let exchanges = 0; exchanges < 12; exchanges += 1) rig.exchange();
    expect(rig.alarms()).toEqual(['osdp.cleartext_refused']);
    expect(rig.pd.isSecure).toBe(false);
  });

  it('never comes on line after a bit of the handshake was changed', () => {
    const changed = fc.tuple(fc.constantFrom('challenge' as const, 'cryptogram' as const), fc.nat(), fc.nat({ max: 7 }));
    fc.assert(
      fc.property(changed, ([phase, place, bit]) => {
        const rig = rig2();
        const answer = untilReply(rig, phase);
        const content = Uint8Array.of(...(answer.block?.data ?? []), ...answer.data);
        const at = place % content.length;
        content[at] = (content[at] ?? 0) ^ (1 << bit);
        const block = { type: answer.block?.type ?? 0, data: content.subarray(0, 1) };
        rig.hear(encoded({ ...answer, block, data: content.subarray(1) }));
        // A changed cUID is found out by the first sealed frame, whose nonce it makes; everything else at once.
        for (let exchanges = 0; exchanges < 2 && rig.state.security.name !== 'none'; exchanges += 1) rig.exchange();
        expect(rig.state.security.name).toBe('none');
        expect(rig.state.identity).toBeNull();
        expect(rig.kinds()).not.toContain('online');
      }),
      { numRuns: 60 },
    );
  });

  it('sends a file in frames that a reader of 128 bytes takes', () => {
    const rig = new SessionRig({ secureChannel: 2, receiveMax: 128 }).bringOnline();
    const file = { type: 1, bytes: Uint8Array.from({ length: 1_000 }, (_, index) => index & 0xff) };
    rig.event({ kind: 'transfer', nowMs: rig.nowMs, id: 9, file });
    for (let exchanges = 0; exchanges < 60 && rig.done(9) === undefined; exchanges += 1) rig.exchange();
    expect(rig.done(9)).toMatchObject({ result: 'ok' });
    const lengths = rig.effects.flatMap((effect) => (effect.kind === 'send' ? [effect.bytes.length] : []));
    expect(Math.max(...lengths)).toBe(128);
  });

  it('takes over a new key of 32 bytes, and no public one', () => {
    const rig = rig2().bringOnline();
    const setKey = (id: number, newKey: Uint8Array): void => void rig.event({ kind: 'set_key', nowMs: rig.nowMs, id, newKey });
    setKey(
      1,
      Uint8Array.from({ length: 32 }, (_, index) => index),
    );
    expect(rig.done(1)).toMatchObject({ result: 'refused' });
    const newKey = SCBK2.map((byte) => byte ^ 0x5a);
    setKey(2, new Uint8Array(newKey));
    for (let exchanges = 0; exchanges < 20 && rig.done(2) === undefined; exchanges += 1) rig.exchange();
    expect(rig.done(2)).toMatchObject({ result: 'ok' });
    expect(rig.pd.protocol.scbk).toEqual(newKey);
  });
});
