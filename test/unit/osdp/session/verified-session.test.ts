import { describe, expect, it } from 'vitest';
import { NAK_CODE } from '#adapters/osdp/messages/line-codecs.ts';
import { commandTable } from '#adapters/osdp/messages/commands.ts';
import { isSameBytes } from '#adapters/osdp/wire/same-bytes.ts';
import { SessionRig, frameOf } from './session-rig.ts';

const NO_BYTES = new Uint8Array(0);
/** ID, CAP, CHLNG, SCRYPT: all that an ACU says outside of a secure channel. */
const CLEAR_COMMANDS = [0x61, 0x62, 0x76, 0x77];

describe('what SIA OSDP Verified asks of a session', () => {
  it('060-02-02: takes the local status that a poll brings', () => {
    const rig = new SessionRig().bringOnline();
    rig.pd.setTampered(true);
    rig.exchange();
    expect(rig.effects).toContainEqual(expect.objectContaining({ kind: 'local_status', tampered: true, powerFailed: false }));
  });

  it('070-02-02, 070-02-04: takes the state of its inputs that a poll brings, supervised ones too', () => {
    const rig = new SessionRig().bringOnline();
    rig.pd.setInput(0, 'active');
    rig.exchange();
    rig.pd.setInput(1, 'short');
    rig.exchange();
    const seen = rig.effects.flatMap((effect) => (effect.kind === 'inputs' ? [effect.states] : []));
    expect(seen).toEqual([
      [1, 0],
      [1, 2],
    ]);
  });

  it('070-03-04: sends the same bytes again to a reader that heard a bad check', () => {
    const rig = new SessionRig().bringOnline();
    const sent = rig.turn() ?? NO_BYTES;
    rig.hear(rig.forged({ name: 'NAK', body: { code: NAK_CODE.badCheck, detail: NO_BYTES } }));
    expect(isSameBytes(rig.turn() ?? NO_BYTES, sent)).toBe(true);
    rig.hear(rig.replyTo(sent));
    expect(rig.state.phase).toBe('online');
  });

  it('070-17-02: opens no channel with a reader whose RMAC_I is wrong or says that it failed', () => {
    for (const change of [(bytes: Uint8Array) => (bytes[9] = (bytes[9] ?? 0) ^ 1), (bytes: Uint8Array) => (bytes[7] = 0xff)]) {
      const rig = new SessionRig();
      while (rig.state.phase !== 'cryptogram') rig.exchange();
      const reply = new Uint8Array(rig.replyTo(rig.turn() ?? NO_BYTES));
      change(reply);
      rig.hear(withCheck(reply));
      expect(rig.state.security.name).toBe('none');
      expect(rig.kinds()).not.toContain('online');
    }
  });

  it('050-09-18: says nothing in clear but ID, CAP, CHLNG and SCRYPT, until on line and after', () => {
    const rig = new SessionRig();
    rig.bringOnlineKeepingEffects();
    rig.command({ name: 'BUZ', body: { reader: 0, tone: 2, on100Ms: 1, off100Ms: 1, count: 1 } });
    for (let exchanges = 0; exchanges < 4; exchanges += 1) rig.exchange();
    const frames = rig.effects.flatMap((effect) => (effect.kind === 'send' ? [frameOf(effect.bytes)] : []));
    const clear = frames.filter(({ mac }) => mac === null).map(({ code }) => code);
    expect([...new Set(clear)]).toEqual(CLEAR_COMMANDS);
    expect(frames.filter(({ mac }) => mac !== null).length).toBeGreaterThan(4);
  });

  it('050-09-02, 050-09-19: starts with sequence 0, goes on with 1, 2, 3, 1, and takes no reply with another', () => {
    const rig = new SessionRig();
    rig.bringOnlineKeepingEffects();
    for (let exchanges = 0; exchanges < 4; exchanges += 1) rig.exchange();
    const sequences = rig.effects.flatMap((effect) => (effect.kind === 'send' ? [frameOf(effect.bytes).sequence] : []));
    expect(sequences).toEqual(sequences.map((_, index) => (index === 0 ? 0 : ((index - 1) % 3) + 1)));
    rig.turn();
    const other = rig.state.sequence === 3 ? 1 : 2;
    rig.hear(rig.forged({ name: 'ACK', body: {} }, rig.state.sequence === other ? 3 : other));
    expect(rig.state.exchange.name).toBe('awaiting_reply');
  });

  it('060-16-05: COMSET inside the channel is one encrypted frame', () => {
    const rig = new SessionRig().bringOnline();
    rig.command({ name: 'COMSET', body: { address: 1, baud: 9_600 } });
    const frame = frameOf(rig.turn() ?? NO_BYTES);
    expect(frame).toMatchObject({
      code: commandTable.encode({ name: 'COMSET', body: { address: 1, baud: 9_600 } }).code,
      block: { type: 0x17 },
    });
  });
});

function withCheck(bytes: Uint8Array): Uint8Array {
  let register = 0x1d0f;
  for (const byte of bytes.subarray(0, -2)) {
    register ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) register = (register & 0x8000 ? (register << 1) ^ 0x1021 : register << 1) & 0xffff;
  }
  bytes.set([register & 0xff, register >> 8], bytes.length - 2);
  return bytes;
}
