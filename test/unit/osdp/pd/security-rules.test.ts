import { describe, expect, it } from 'vitest';
import type { Command } from '#adapters/osdp/messages/commands.ts';
import { CHANNEL_IDLE_MAX_MS } from '#adapters/osdp/pd/limits.ts';
import { SCS } from '#adapters/osdp/wire/security-block.ts';
import { encodeFrame } from '#adapters/osdp/wire/frame.ts';
import { ADDRESS, PdRig, SCBK, frameOf, nakOf } from './pd-rig.ts';

const ID: Command = { name: 'ID', body: { form: 0 } };
const CAP: Command = { name: 'CAP', body: { form: 0 } };
const POLL: Command = { name: 'POLL', body: {} };
const COMSET: Command = { name: 'COMSET', body: { address: ADDRESS, baud: 9_600 } };
const OTHER_KEY = Uint8Array.from({ length: 16 }, (_, index) => (index * 91 + 3) & 0xff);
const KEYSET: Command = { name: 'KEYSET', body: { kind: 1, key: OTHER_KEY } };
const OPEN_DOOR: Command = { name: 'OUT', body: [{ output: 0, action: 2, timer100Ms: 0 }] };
const REFUSED_IN_CLEAR: readonly Command[] = [
  POLL,
  OPEN_DOOR,
  KEYSET,
  { name: 'LSTAT', body: {} },
  { name: 'ISTAT', body: {} },
  { name: 'OSTAT', body: {} },
  { name: 'RSTAT', body: {} },
  { name: 'LED', body: [] },
  { name: 'BUZ', body: { reader: 0, tone: 2, on100Ms: 1, off100Ms: 1, count: 1 } },
  { name: 'ACURXSIZE', body: { size: 256 } },
  { name: 'KEEPACTIVE', body: { durationMs: 10 } },
  { name: 'ABORT', body: {} },
  { name: 'MFG', body: { vendor: Uint8Array.of(0, 0x53, 0x49), data: new Uint8Array(1) } },
  { name: 'FILETRANSFER', body: { type: 1, total: 1, offset: 0, data: new Uint8Array(1) } },
];

describe('a PD with a key, in clear', () => {
  it.each([ID, CAP, COMSET])('050-09-18: answers $name', (command) => {
    expect(nakOf(new PdRig().clear(command))).toBeNull();
  });

  it.each(REFUSED_IN_CLEAR)('050-09-18, 070-03-09: refuses $name with NAK 6 and does nothing', (command) => {
    const rig = new PdRig();
    expect(nakOf(rig.clear(command))).toBe(6);
    expect(rig.pd.outputs).toEqual([false, false]);
    rig.open('scbk', OTHER_KEY);
    expect(rig.pd.isSecure).toBe(false);
  });

  it.each([ID, CAP, COMSET, POLL, OPEN_DOOR])('050-09-14: refuses $name while the channel stands, and the channel goes on', (command) => {
    const rig = new PdRig().opened();
    expect(nakOf(rig.clear(command))).toBe(6);
    expect(rig.secured(POLL).reply?.name).toBe('ACK');
  });

  it('refuses COMSET as well when it is hardened', () => {
    expect(nakOf(new PdRig({ clearComset: 'refused' }).clear(COMSET))).toBe(6);
    expect(nakOf(new PdRig({ clearComset: 'refused' }).clear(COMSET, { address: 0x7f }))).toBe(6);
  });

  it('an old reader without secure channel does everything in clear but KEYSET, and refuses a challenge with NAK 5', () => {
    const rig = new PdRig({ security: 'none' });
    expect(rig.clear(OPEN_DOOR)?.reply?.name).toBe('ACK');
    expect(rig.pd.outputs[0]).toBe(true);
    expect(nakOf(rig.clear(KEYSET))).toBe(6);
    expect(nakOf(rig.open())).toBe(5);
  });
});

describe('the secure channel of a PD', () => {
  it('060-17-01, 060-18-01, 070-16-01, 070-17-01: opens with the key of the reader', () => {
    const rig = new PdRig().opened();
    expect(rig.secured(POLL).frame.block?.type).toBe(SCS.replyMac);
    expect(rig.secured({ name: 'LSTAT', body: {} }).frame.block?.type).toBe(SCS.replyEncrypted);
    expect(rig.effects).toContainEqual({ kind: 'channel_opened', keyKind: 'scbk' });
  });

  it('070-17-02: does not open to an ACU with another key, which learns nothing', () => {
    const rig = new PdRig();
    const heard = rig.open('scbk', OTHER_KEY);
    expect(heard?.reply).toEqual({ name: 'RMAC_I', body: { rMac: new Uint8Array(16) } });
    expect(heard?.frame.block?.data).toEqual(Uint8Array.of(0xff));
    expect(rig.pd.isSecure).toBe(false);
    expect(rig.effects.at(-1)?.kind).toBe('forget_keys');
  });

  it('070-03-08: refuses SCBK-D, a proof without a challenge, blocks of the other side and unknown ones with NAK 5', () => {
    const rig = new PdRig();
    expect(nakOf(rig.open('scbk_d'))).toBe(5);
    const proof: Command = { name: 'SCRYPT', body: { cryptogram: new Uint8Array(16) } };
    expect(nakOf(rig.clear(proof, { sequence: 0, block: { type: SCS.serverCryptogram, data: Uint8Array.of(1) } }))).toBe(5);
    for (const type of [0x12, 0x14, 0x21, 0x10, 0xff]) {
      expect(nakOf(rig.clear(POLL, { sequence: 0, block: { type, data: new Uint8Array(0) } }))).toBe(5);
    }
    expect(nakOf(rig.clear(proof, { sequence: 0 }))).toBe(5);
  });

  it('is not there for a secured frame before it was opened: NAK 6', () => {
    const rig = new PdRig().opened();
    const poll = rig.securedBytes(POLL);
    rig.pd.reboot();
    expect(nakOf(rig.send(poll))).toBe(4);
    expect(rig.clear(ID, { sequence: 0 })?.reply?.name).toBe('PDID');
  });

  it('ends with NAK 6 at a wrong MAC, a body in SCS_15 or a replayed frame', () => {
    const attacks = [
      (rig: PdRig) => flippedMac(rig.securedBytes(OPEN_DOOR)),
      (rig: PdRig) => {
        const { sequence } = rig;
        const block = { type: SCS.commandMac, data: new Uint8Array(0) };
        const envelope = { address: ADDRESS, direction: 'command', sequence, check: 'crc', block, code: 0x68 } as const;
        return encodeFrame({ ...envelope, data: Uint8Array.of(0, 2, 0, 0) }, () => new Uint8Array(4));
      },
    ];
    for (const attack of attacks) {
      const rig = new PdRig().opened();
      expect(nakOf(rig.send(attack(rig)))).toBe(6);
      expect(rig.pd.isSecure).toBe(false);
      expect(rig.pd.outputs[0]).toBe(false);
      expect(rig.effects).toContainEqual({ kind: 'channel_closed', cause: 'not_authentic' });
    }
    const rig = new PdRig().opened();
    const earlier = rig.securedBytes(OPEN_DOOR);
    rig.send(earlier);
    rig.open();
    rig.pd.reboot();
    expect(nakOf(rig.send(earlier))).toBe(4);
  });

  it('lasts through 8 s without a word and not a moment longer', () => {
    const rig = new PdRig().opened();
    rig.clock.pass(CHANNEL_IDLE_MAX_MS);
    expect(rig.secured(POLL).reply?.name).toBe('ACK');
    rig.clock.pass(CHANNEL_IDLE_MAX_MS + 1);
    expect(nakOf(rig.secured(POLL))).toBe(6);
    expect(rig.effects).toContainEqual({ kind: 'channel_closed', cause: 'idle' });
  });

  it('is not kept alive by frames in clear', () => {
    const rig = new PdRig().opened();
    rig.clock.pass(CHANNEL_IDLE_MAX_MS);
    expect(nakOf(rig.clear(ID))).toBe(6);
    rig.clock.pass(1);
    expect(nakOf(rig.secured(POLL))).toBe(6);
  });

  it('060-16-01, 060-16-04: takes a key inside it; the channel stays, the next one needs the new key', () => {
    const rig = new PdRig().opened();
    expect(rig.secured(KEYSET).reply?.name).toBe('ACK');
    expect(rig.secured(POLL).reply?.name).toBe('ACK');
    rig.open('scbk', SCBK);
    expect(rig.pd.isSecure).toBe(false);
    rig.open('scbk', OTHER_KEY);
    expect(rig.pd.isSecure).toBe(true);
    rig.pd.reboot();
    rig.open('scbk', OTHER_KEY);
    expect(rig.pd.isSecure).toBe(true);
  });

  it('refuses a key of secure channel 2, which it does not have, with NAK 9', () => {
    const rig = new PdRig().opened();
    expect(nakOf(rig.secured({ name: 'KEYSET', body: { kind: 2, key: new Uint8Array(32) } }))).toBe(9);
    expect(rig.secured(POLL).reply?.name).toBe('ACK');
  });

  it('060-16-02, 060-16-03: opens with SCBK-D in install mode only, which a key ends', () => {
    const rig = new PdRig({ security: 'install' });
    expect(nakOf(rig.clear(POLL))).toBe(6);
    rig.open('scbk_d');
    expect(rig.pd.isSecure).toBe(true);
    expect(rig.secured(KEYSET).reply?.name).toBe('ACK');
    expect(nakOf(rig.open('scbk_d'))).toBe(5);
    rig.open('scbk', OTHER_KEY);
    expect(rig.pd.isSecure).toBe(true);
    rig.pd.enterInstallMode();
    rig.open('scbk_d');
    expect(rig.pd.isSecure).toBe(true);
  });

  it('gives the keys of every channel back to be destroyed', () => {
    const rig = new PdRig().opened();
    rig.opened();
    rig.open('scbk', OTHER_KEY);
    rig.challenge('scbk');
    rig.pd.reboot();
    const opened = rig.effects.filter(({ kind }) => kind === 'channel_opened').length;
    expect(opened).toBe(2);
    // Two channels, a proof that was wrong, a handshake that was cut off.
    expect(rig.effects.filter(({ kind }) => kind === 'forget_keys')).toHaveLength(4);
  });
});

function flippedMac(bytes: Uint8Array): Uint8Array {
  const { block, code, data, sequence } = frameOf(bytes);
  return encodeFrame({ address: ADDRESS, direction: 'command', sequence, check: 'crc', block, code, data }, () =>
    Uint8Array.of(1, 2, 3, 4),
  );
}
