import { describe, expect, it } from 'vitest';
import { createLineResponder } from '#adapters/osdp/simulator/simulated-line.ts';
import { checksum } from '#adapters/osdp/wire/checksum.ts';
import { crc16 } from '#adapters/osdp/wire/crc16.ts';
import { encodeFrame } from '#adapters/osdp/wire/frame.ts';
import { ADDRESS, PdRig, frameOf, nakOf } from './pd-rig.ts';

const ID = { name: 'ID', body: { form: 0 } } as const;
const CAP = { name: 'CAP', body: { form: 0 } } as const;
const POLL = { name: 'POLL', body: {} } as const;
const COMSET = { name: 'COMSET', body: { address: 9, baud: 38_400 } } as const;

/** Bytes that no encoder of ours would make. */
function readdressed(bytes: Uint8Array, address: number): Uint8Array {
  const changed = Uint8Array.from(bytes, (byte, index) => (index === 1 ? address : byte));
  new DataView(changed.buffer).setUint16(changed.length - 2, crc16(changed, changed.length - 2), true);
  return changed;
}

/** What the readers of a line say to these bytes. */
function answersTo(rig: PdRig, bytes: Uint8Array): Uint8Array[] {
  const answers: Uint8Array[] = [];
  createLineResponder([rig.pd], (reply) => answers.push(reply))(bytes);
  return answers;
}

describe('the sequence of a PD', () => {
  it('050-09-02, 050-09-19: begins with 0, counts 1, 2, 3, 1 and refuses every other number with NAK 4', () => {
    const rig = new PdRig();
    for (const sequence of [1, 2, 3] as const) expect(nakOf(rig.clear(ID, { sequence }))).toBe(4);
    for (const sequence of [0, 1, 2, 3, 1] as const) expect(rig.clear(ID, { sequence })?.frame.sequence).toBe(sequence);
    expect(nakOf(rig.clear(ID, { sequence: 3 }))).toBe(4);
    expect(nakOf(rig.clear(CAP, { sequence: 1 }))).toBe(4);
    expect(rig.clear(ID, { sequence: 2 })?.reply?.name).toBe('PDID');
  });

  it('050-09-02: is begun anew by 0, which ends the channel', () => {
    const rig = new PdRig().opened();
    rig.sequence = 0;
    expect(rig.clear(ID)?.reply?.name).toBe('PDID');
    expect(rig.pd.isSecure).toBe(false);
    expect(rig.effects).toContainEqual({ kind: 'channel_closed', cause: 'restarted' });
  });

  it('050-04-02: repeats the reply to an identical retry, and does nothing twice', () => {
    const rig = new PdRig().opened();
    rig.pd.presentCard(Uint8Array.of(0xff), 8);
    const poll = rig.securedBytes(POLL);
    const first = rig.send(poll);
    expect(rig.pd.pendingEvents).toBe(0);
    expect(rig.send(poll)?.frame.bytes).toEqual(first?.frame.bytes);
    expect(rig.send(poll)?.frame.bytes).toEqual(first?.frame.bytes);
    expect(first === null ? null : rig.unseal(first).reply?.name).toBe('RAW');
  });

  it('050-04-03, 050-04-04, 070-19-01: stands still while the reader is busy, which is said in clear with 0', () => {
    const rig = new PdRig().opened();
    rig.pd.beBusy(2);
    const poll = rig.securedBytes(POLL);
    for (let times = 0; times < 2; times += 1) {
      const heard = rig.send(poll);
      expect(heard?.reply?.name).toBe('BUSY');
      expect(heard?.frame.sequence).toBe(0);
      expect(heard?.frame.block).toBeNull();
    }
    const heard = rig.send(poll);
    expect(heard === null ? null : rig.unseal(heard).reply?.name).toBe('ACK');
    rig.pd.beBusy(1);
    rig.sequence = 0;
    rig.channel = null;
    expect(rig.clear(ID, { sequence: 0 })?.reply?.name).toBe('BUSY');
    expect(rig.clear(CAP, { sequence: 0 })?.reply?.name).toBe('PDCAP');
  });

  it('050-04-03: says BUSY while the device works, and gives the answer to the retry', () => {
    const rig = new PdRig({ workMs: (command) => (command.name === 'LSTAT' ? 500 : 0) }).opened();
    const question = rig.securedBytes({ name: 'LSTAT', body: {} });
    expect(rig.send(question)?.reply?.name).toBe('BUSY');
    rig.clock.pass(499);
    expect(rig.send(question)?.reply?.name).toBe('BUSY');
    rig.clock.pass(1);
    const heard = rig.send(question);
    expect(heard === null ? null : rig.unseal(heard).reply?.name).toBe('LSTATR');
  });

  it('never takes the late answer to a forgotten command for the answer to a new one', () => {
    const rig = new PdRig({ security: 'none', workMs: (command) => (command.name === 'LSTAT' ? 500 : 0) });
    expect(rig.clear({ name: 'LSTAT', body: {} }, { sequence: 0 })?.reply?.name).toBe('BUSY');
    expect(rig.clear(ID, { sequence: 0 })?.reply?.name).toBe('PDID');
    rig.clock.pass(500);
    expect(rig.clear(ID, { sequence: 1 })?.reply?.name).toBe('PDID');
  });
});

describe('the address of a PD', () => {
  it('050-09-04: is the only one it answers', () => {
    const rig = new PdRig();
    for (const address of [0, 4, 6, 0x7e]) expect(rig.clear(ID, { address })).toBeNull();
    expect(rig.clear(ID)?.frame.address).toBe(ADDRESS);
  });

  it('050-09-05, 050-09-13: 0x7F answers ID, CAP and COMSET from 0xFF and nothing else, and leaves the channel alone', () => {
    const rig = new PdRig().opened();
    const before = rig.pd.protocol;
    for (const command of [ID, CAP]) {
      const heard = rig.clear(command, { address: 0x7f, sequence: 0 });
      expect(heard?.frame.bytes[1]).toBe(0xff);
    }
    const refusing = rig.clear(COMSET, { address: 0x7f, sequence: 0 });
    expect(nakOf(refusing)).toBe(6);
    const poll = readdressed(rig.clearBytes(POLL, { sequence: 0 }), 0x7f);
    expect(answersTo(rig, poll)).toEqual([]);
    expect(rig.pd.protocol.lastReply).toBe(before.lastReply);
    expect(rig.secured(POLL).reply?.name).toBe('ACK');
  });

  it('060-13-01, 070-13-01: is changed by COMSET after COM has gone out from the old one, and kept over a power cut', () => {
    const rig = new PdRig();
    const heard = rig.clear(COMSET);
    expect(heard?.reply).toEqual({ name: 'COM', body: { address: 9, baud: 38_400 } });
    expect(heard?.frame.address).toBe(ADDRESS);
    expect([rig.pd.address, rig.pd.baud]).toEqual([9, 38_400]);
    expect(rig.clear(ID)).toBeNull();
    rig.pd.reboot();
    expect(rig.clear(ID, { address: 9, sequence: 0 })?.reply?.name).toBe('PDID');
  });

  it('060-16-05: is changed inside the channel too; what cannot be set stays as it is', () => {
    const rig = new PdRig().opened();
    const heard = rig.secured({ name: 'COMSET', body: { address: 0x7f, baud: 12_345 } });
    expect(heard.reply).toEqual({ name: 'COM', body: { address: ADDRESS, baud: 9_600 } });
    expect(rig.secured(COMSET).reply).toEqual({ name: 'COM', body: { address: 9, baud: 38_400 } });
    expect(rig.pd.address).toBe(9);
  });
});

describe('a frame that a PD cannot take', () => {
  it('050-09-17, 070-03-04: with a wrong CRC is NAK 1, and what was agreed stays', () => {
    const rig = new PdRig().opened();
    const poll = rig.securedBytes(POLL);
    const broken = poll.slice();
    broken[broken.length - 1] = (broken[broken.length - 1] ?? 0) ^ 1;
    const [answer] = answersTo(rig, broken);
    expect(frameOf(answer ?? new Uint8Array(0))).toMatchObject({ code: 0x41, data: Uint8Array.of(1), block: null });
    const heard = rig.send(poll);
    expect(heard === null ? null : rig.unseal(heard).reply?.name).toBe('ACK');
  });

  it('050-09-17: for another reader is no business of it, nor is a reply of another', () => {
    const rig = new PdRig();
    const foreign = rig.clearBytes(ID, { address: 6 });
    foreign[foreign.length - 1] = (foreign[foreign.length - 1] ?? 0) ^ 1;
    expect(answersTo(rig, foreign)).toEqual([]);
    const reply = encodeFrame({
      address: ADDRESS,
      direction: 'reply',
      sequence: 0,
      check: 'crc',
      block: null,
      code: 0x40,
      data: new Uint8Array(0),
    });
    expect(answersTo(rig, reply)).toEqual([]);
    reply[reply.length - 1] = (reply[reply.length - 1] ?? 0) ^ 1;
    expect(answersTo(rig, reply)).toEqual([]);
  });

  it('answers the frame behind a false start and not the false start', () => {
    const rig = new PdRig();
    const noise = Uint8Array.of(0x53, ADDRESS, 12, 0, 4);
    const answers = answersTo(rig, Buffer.concat([noise, rig.clearBytes(ID)]));
    expect(answers.map((answer) => frameOf(answer).code)).toEqual([0x45]);
  });

  it('050-06-01: of up to its buffer is taken, a longer one is NAK 2', () => {
    const rig = new PdRig({ security: 'none', receiveMax: 128 });
    const text = (length: number) =>
      ({ name: 'MFG', body: { vendor: Uint8Array.of(0, 0x53, 0x49), data: new Uint8Array(length) } }) as const;
    expect(rig.clear(text(128 - 8 - 3))?.reply?.name).toBe('MFGREP');
    expect(nakOf(rig.clear(text(128 - 8 - 3 + 1)))).toBe(2);
  });

  it('070-03-05: with a body of another length is NAK 2; 070-03-06: with a code that does not exist is NAK 3', () => {
    const rig = new PdRig({ security: 'none' });
    const raw = (code: number, data: Uint8Array) =>
      rig.send(encodeFrame({ address: ADDRESS, direction: 'command', sequence: 0, check: 'crc', block: null, code, data }));
    expect(nakOf(raw(0x60, Uint8Array.of(1)))).toBe(2);
    expect(nakOf(raw(0x68, Uint8Array.of(1, 2, 3)))).toBe(2);
    expect(nakOf(raw(0x01, new Uint8Array(0)))).toBe(3);
  });

  it('050-09-11: with a checksum is answered with one, in clear and in the channel', () => {
    const rig = new PdRig();
    rig.check = 'checksum';
    const heard = rig.clear(ID);
    const bytes = heard?.frame.bytes ?? new Uint8Array(0);
    expect(heard?.frame.check).toBe('checksum');
    expect(bytes.at(-1)).toBe(checksum(bytes, bytes.length - 1));
    rig.opened();
    expect(rig.secured({ name: 'LSTAT', body: {} }).frame.check).toBe('checksum');
  });
});
