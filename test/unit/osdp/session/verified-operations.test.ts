import { describe, expect, it } from 'vitest';
import { CAPABILITY } from '#adapters/osdp/messages/identity-codecs.ts';
import { DEFAULT_IDENTITY } from '#adapters/osdp/simulator/pd-description.ts';
import { SCS } from '#adapters/osdp/wire/security-block.ts';
import { type Frame, encodeFrame } from '#adapters/osdp/wire/frame.ts';
import { SCBK, SessionRig, frameOf } from './session-rig.ts';

const CODE = { poll: 0x60, id: 0x61, cap: 0x62, localStatus: 0x64, comset: 0x6e, keyset: 0x75, challenge: 0x76, proof: 0x77 } as const;
const NO_BYTES = new Uint8Array(0);
const FRESH_KEYS = [3, 91].map((step) => Uint8Array.from({ length: 16 }, (_, index) => (index * step + 7) & 0xff));
const keyAt = (index: number): Uint8Array => new Uint8Array(FRESH_KEYS[index] ?? NO_BYTES);

const sent = (rig: SessionRig): readonly Frame[] =>
  rig.effects.flatMap((effect) => (effect.kind === 'send' ? [frameOf(effect.bytes)] : []));
const sentWith = (rig: SessionRig, code: number): readonly Frame[] => sent(rig).filter((frame) => frame.code === code);

function opened(options: ConstructorParameters<typeof SessionRig>[0] = {}): SessionRig {
  const rig = new SessionRig(options);
  rig.bringOnlineKeepingEffects();
  return rig;
}

const onlineOf = (rig: SessionRig) => rig.effects.flatMap((effect) => (effect.kind === 'online' ? [effect] : []))[0];

describe('what SIA OSDP Verified asks of an ACU in operation', () => {
  it('060-02-01, 070-02-01: polls without a body and takes the acknowledgement', () => {
    const rig = opened();
    for (let polls = 0; polls < 6; polls += 1) rig.exchange();
    const polls = sentWith(rig, CODE.poll);
    expect(polls.length).toBeGreaterThanOrEqual(6);
    expect(polls.every(({ data }) => data.length === 0)).toBe(true);
    expect(rig.state.phase).toBe('online');
    expect(rig.kinds()).not.toContain('discarded');
  });

  it('060-03-01, 070-04-01: asks who the reader is, in clear and inside the channel, and tells it', () => {
    const rig = opened();
    const [clear, secured] = sentWith(rig, CODE.id);
    expect(clear).toMatchObject({ data: Uint8Array.of(0), mac: null });
    expect(secured?.block?.type).toBe(SCS.commandEncrypted);
    expect(onlineOf(rig)).toMatchObject({ identity: DEFAULT_IDENTITY });
  });

  it('060-04-01, 070-05-01: asks what the reader can, and asks it for nothing else', () => {
    const rig = opened({ outputCount: 1 });
    expect(sentWith(rig, CODE.cap)[0]).toMatchObject({ data: Uint8Array.of(0) });
    expect(onlineOf(rig)).toMatchObject({ capabilities: { inputs: 2, outputs: 1, hasLed: true } });
    const before = sent(rig).length;
    rig.command({ name: 'OUT', body: [{ output: 1, action: 1, timer100Ms: 0 }] });
    expect(rig.untilDone(1).result).toBe('unsupported');
    expect(sent(rig)).toHaveLength(before);
    rig.command({ name: 'OUT', body: [{ output: 0, action: 2, timer100Ms: 0 }] });
    expect(rig.untilDone(2).result).toBe('ok');
    expect(rig.pd.outputs).toEqual([true]);
  });

  it('070-05-09, 070-05-10: speaks with CRC and in a secure channel only, whatever the reader says that it can', () => {
    const rig = opened({
      capabilities: [
        { function: CAPABILITY.checkCharacter, compliance: 0, count: 0 },
        { function: CAPABILITY.security, compliance: 0, count: 0 },
      ],
    });
    expect(sent(rig).every(({ check }) => check === 'crc')).toBe(true);
    expect(rig.state.security.name).toBe('open');
  });

  it.each([
    ['070-05-18: works with a reader of IEC 60839-11-5', 1],
    ['070-05-17, 070-05-19: works with a reader of SIA 2.2 and tells its version', 2],
  ])('%s', (_name, version) => {
    const rig = opened({ capabilities: [{ function: CAPABILITY.osdpVersion, compliance: version, count: 0 }] });
    expect(onlineOf(rig)).toMatchObject({ capabilities: { osdpVersion: version } });
  });

  it('060-05-01, 070-06-01, 070-06-02, 070-06-03: asks for tamper and power when the reader comes, and takes them from polls', () => {
    const rig = new SessionRig();
    rig.pd.setTampered(true);
    rig.bringOnlineKeepingEffects();
    expect(sentWith(rig, CODE.localStatus)).toHaveLength(1);
    rig.pd.setTampered(false);
    rig.exchange();
    rig.pd.setPowerFailed(true);
    rig.exchange();
    const states = rig.effects.flatMap((effect) => (effect.kind === 'local_status' ? [[effect.tampered, effect.powerFailed]] : []));
    expect(states).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ]);
  });

  it('060-13-01, 070-13-01, 060-16-05: sets address and speed inside the channel, and finds the reader there', () => {
    const rig = opened();
    rig.event({ kind: 'set_line', nowMs: rig.nowMs, id: 1, wanted: { address: 9, baud: 38_400 } });
    expect(rig.untilDone(1).result).toBe('ok');
    const [comset] = sentWith(rig, CODE.comset);
    expect(comset).toMatchObject({ address: 1, block: { type: SCS.commandEncrypted } });
    expect([rig.pd.address, rig.pd.baud, rig.state.config.address]).toEqual([9, 38_400, 9]);
    rig.bringOnlineKeepingEffects();
    expect(sent(rig).at(-1)).toMatchObject({ address: 9 });
  });

  it('060-17-01, 060-18-01, 070-16-01, 070-17-01: challenges, proves, and goes on with the MACs of the handshake', () => {
    const rig = opened();
    const [challenge] = sentWith(rig, CODE.challenge);
    const [proof] = sentWith(rig, CODE.proof);
    expect(challenge).toMatchObject({ block: { type: SCS.challenge, data: Uint8Array.of(1) } });
    expect(challenge?.data).toHaveLength(8);
    expect(proof?.block?.type).toBe(SCS.serverCryptogram);
    expect(proof?.data).toHaveLength(16);
    for (let polls = 0; polls < 20; polls += 1) rig.exchange();
    expect(rig.pd.isSecure).toBe(true);
    expect(rig.kinds()).not.toContain('offline');
  });

  it('060-16-02: opens with the key of the reader and never with the one of the standard', () => {
    const rig = new SessionRig({ security: 'install', scbk: keyAt(0) });
    for (let exchanges = 0; exchanges < 40; exchanges += 1) rig.exchange();
    const kinds = sentWith(rig, CODE.challenge).map(({ block }) => block?.data[0]);
    expect(kinds.length).toBeGreaterThan(2);
    expect(new Set(kinds)).toEqual(new Set([1]));
    expect(rig.kinds()).not.toContain('online');
  });

  it('060-16-03: a reader whose key was removed is an alarm, gets none by itself, and is keyed anew when an operator opens it', () => {
    const rig = opened();
    rig.pd.setKey(keyAt(1));
    rig.pd.enterInstallMode();
    rig.pd.reboot();
    for (let exchanges = 0; exchanges < 20; exchanges += 1) rig.exchange();
    expect(rig.alarms()).toHaveLength(1);
    expect(sentWith(rig, CODE.keyset)).toEqual([]);
    const window = { id: 1, firstKey: keyAt(0), finalKey: new Uint8Array(SCBK), untilMs: rig.nowMs + 60_000 };
    rig.event({ kind: 'install_window', nowMs: rig.nowMs, window });
    expect(rig.untilDone(1).result).toBe('ok');
    rig.bringOnlineKeepingEffects();
    expect(rig.pd.protocol.scbk).toEqual(SCBK);
  });

  it('060-16-01, 060-16-04: changes the key inside the channel, and the next channel is opened with it', () => {
    const rig = opened();
    rig.event({ kind: 'set_key', nowMs: rig.nowMs, id: 1, newKey: keyAt(0) });
    expect(rig.untilDone(1).result).toBe('ok');
    expect(sentWith(rig, CODE.keyset)).toMatchObject([{ block: { type: SCS.commandEncrypted } }]);
    expect(rig.pd.protocol.scbk).toEqual(keyAt(0));
    expect(rig.kinds()).not.toContain('offline');
    rig.scbk = keyAt(0);
    rig.pd.reboot();
    rig.exchange();
    rig.bringOnlineKeepingEffects();
  });

  it('070-03-01: a NAK ends the command with its code and nothing else', () => {
    const rig = opened({ unsupported: ['BUZ'] });
    rig.command({ name: 'BUZ', body: { reader: 0, tone: 2, on100Ms: 1, off100Ms: 1, count: 1 } });
    expect(rig.untilDone(1)).toMatchObject({ result: 'refused', nak: 3 });
    rig.exchange();
    expect(rig.state.phase).toBe('online');
  });

  it('070-03-03: a NAK without an error (0) is no answer: the question is asked again', () => {
    const rig = new SessionRig();
    const question = rig.turn() ?? NO_BYTES;
    const { address, sequence } = frameOf(question);
    const naught = { address, sequence, direction: 'reply', check: 'crc', block: null, code: 0x41, data: Uint8Array.of(0) } as const;
    rig.hear(encodeFrame(naught));
    expect(rig.state.exchange.name).toBe('awaiting_reply');
    rig.hear(rig.replyTo(question));
    rig.bringOnlineKeepingEffects();
  });

  it('070-10-01, 070-10-04, 070-10-05, 070-10-06: reads cards of 26, 75, 128 and 200 bits, raw and Wiegand', () => {
    const rig = opened();
    for (const bitCount of [26, 75, 128, 200]) {
      for (const format of [0, 1]) rig.pd.presentCard(new Uint8Array(Math.ceil(bitCount / 8)), bitCount, format);
    }
    for (let polls = 0; polls < 10; polls += 1) rig.exchange();
    const lengths = rig.effects.flatMap((effect) => (effect.kind === 'card_read' ? [effect.bitCount] : []));
    expect(lengths).toEqual([26, 26, 75, 75, 128, 128, 200, 200]);
  });

  it('070-12-01: reads keys', () => {
    const rig = opened();
    rig.pd.pressKeys('12#');
    rig.exchange();
    expect(rig.effects).toContainEqual(expect.objectContaining({ kind: 'keypad', keys: Uint8Array.of(0x31, 0x32, 0x0d) }));
  });
});
