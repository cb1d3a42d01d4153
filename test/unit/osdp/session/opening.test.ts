import { describe, expect, it } from 'vitest';
import { SCBK_D } from '#adapters/osdp/secure-channel/session-keys.ts';
import { SessionRig, frameOf } from './session-rig.ts';

const names = new Map([
  [0x60, 'POLL'],
  [0x61, 'ID'],
  [0x62, 'CAP'],
  [0x64, 'LSTAT'],
  [0x65, 'ISTAT'],
  [0x66, 'OSTAT'],
  [0x76, 'CHLNG'],
  [0x77, 'SCRYPT'],
  [0x7b, 'ACURXSIZE'],
]);

describe('opening a session', () => {
  it('asks ID and CAP in clear, opens the secure channel, asks both again inside it, empties what it kept, then asks for states', () => {
    const rig = new SessionRig();
    const asked: string[] = [];
    while (rig.state.phase !== 'online') {
      const sent = rig.turn();
      if (sent === null) throw new TypeError('nothing sent');
      const frame = frameOf(sent);
      asked.push(`${names.get(frame.code) ?? '?'}${frame.block === null ? ' in clear' : ''} ${frame.sequence}`);
      rig.hear(rig.replyTo(sent));
    }
    expect(asked).toEqual([
      'ID in clear 0',
      'CAP in clear 1',
      'CHLNG 2',
      'SCRYPT 3',
      'ID 1',
      'CAP 2',
      'ACURXSIZE 3',
      'POLL 1',
      'LSTAT 2',
      'ISTAT 3',
      'OSTAT 1',
    ]);
    expect(rig.kinds()).toEqual(['online', 'local_status', 'inputs', 'outputs']);
  });

  it('stays off line with one alarm when the keys differ, however often it tries', () => {
    const rig = new SessionRig();
    rig.pd.setKey(new Uint8Array(16).fill(7));
    for (let exchanges = 0; exchanges < 20; exchanges += 1) rig.exchange();
    expect(rig.kinds().filter((kind) => kind !== 'forget_keys')).toEqual(['alarm', 'offline']);
    expect(rig.alarms()).toEqual(['osdp.key_mismatch']);
  });

  it.each([
    ['SCBK-D', SCBK_D],
    ['a key that was never set', new Uint8Array(16)],
  ])('refuses %s before it is used', (_, scbk) => {
    const rig = new SessionRig();
    rig.scbk = scbk;
    rig.pd.setKey(scbk);
    for (let exchanges = 0; exchanges < 12; exchanges += 1) rig.exchange();
    expect(rig.alarms()).toEqual(['osdp.default_key_refused']);
    expect(rig.kinds()).not.toContain('online');
  });

  it('refuses a PD that answers the challenge with SCBK-D', () => {
    const rig = new SessionRig();
    rig.exchange();
    rig.exchange();
    const challenge = rig.turn();
    const reply = rig.replyTo(challenge ?? new Uint8Array(0));
    const { address, direction, sequence, check, code, data } = frameOf(reply);
    const lie = { address, direction, sequence, check, code, data, block: { type: 0x12, data: Uint8Array.of(0) } };
    rig.event({ kind: 'frame', nowMs: rig.nowMs, frame: { ...lie, mac: null, bytes: reply } });
    expect(rig.alarms()).toEqual(['osdp.default_key_refused']);
    expect(rig.state.phase).toBe('identify');
  });

  it.each([3, 5, 6])('never goes on in clear when the challenge is refused with NAK %i', (nakCode) => {
    const rig = new SessionRig();
    rig.exchange();
    rig.exchange();
    rig.turn();
    rig.hear(rig.forged({ name: 'NAK', body: { code: nakCode, detail: new Uint8Array(0) } }));
    expect(rig.alarms()).toEqual(['osdp.cleartext_refused']);
    expect(rig.state).toMatchObject({ phase: 'identify', reported: 'secure_channel_failed' });
  });

  it('refuses a card in clear at every step of the opening', () => {
    for (let steps = 0; steps < 4; steps += 1) {
      const rig = new SessionRig();
      for (let done = 0; done < steps; done += 1) rig.exchange();
      rig.turn();
      rig.hear(rig.forged({ name: 'RAW', body: { reader: 0, format: 1, bitCount: 26, bits: Uint8Array.of(1, 2, 3, 64) } }));
      expect(rig.kinds()).not.toContain('card_read');
      expect(rig.alarms()).toEqual(['osdp.cleartext_refused']);
    }
  });

  it('raises an alarm when another device with the same key answers, and works with it', () => {
    const rig = new SessionRig().bringOnline();
    rig.pd.setIdentity({ vendor: Uint8Array.of(1, 2, 3), model: 9, version: 9, serial: Uint8Array.of(9, 9, 9, 9), firmware: [9, 9, 9] });
    rig.pd.reboot();
    rig.exchange();
    rig.bringOnlineKeepingEffects();
    expect(rig.alarms()).toEqual(['osdp.identity_changed']);
    expect(rig.state.phase).toBe('online');
  });

  it('raises an alarm when the abilities said in clear were changed to hide the secure channel', () => {
    const rig = new SessionRig();
    rig.exchange();
    rig.replyTo(rig.turn() ?? new Uint8Array(0));
    rig.hear(rig.forged({ name: 'PDCAP', body: [{ function: 9, compliance: 0, count: 0 }] }));
    rig.bringOnlineKeepingEffects();
    expect(rig.alarms()).toEqual(['osdp.cleartext_refused']);
    expect(rig.kinds()).toContain('online');
  });

  it('stays off line without a key and asks for it again later', () => {
    const rig = new SessionRig();
    rig.exchange();
    rig.exchange();
    rig.event({ kind: 'key_missing', nowMs: rig.nowMs });
    expect(rig.kinds()).toEqual(['offline']);
    rig.bringOnline();
    expect(rig.state.reported).toBe('online');
  });
});
