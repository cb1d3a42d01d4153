import { describe, expect, it } from 'vitest';
import { createLineResponder } from '#adapters/osdp/simulator/simulated-line.ts';
import { PdRig, SCBK, nakOf } from './pd-rig.ts';

const ID = { name: 'ID', body: { form: 0 } } as const;
const POLL = { name: 'POLL', body: {} } as const;
const MFG = { name: 'MFG', body: { vendor: Uint8Array.of(0, 0x53, 0x49), data: Uint8Array.of(1) } } as const;

describe('a PD with a fault of real ones', () => {
  it('acknowledges KEYSET in clear inside the channel', () => {
    const rig = new PdRig({ quirks: { acknowledgesKeysetInClear: true } }).opened();
    const heard = rig.secured({ name: 'KEYSET', body: { kind: 1, key: SCBK } });
    expect(heard.frame.block).toBeNull();
    expect(heard.reply?.name).toBe('ACK');
    expect(rig.secured(POLL).frame.mac).not.toBeNull();
  });

  it('is silent on ID until it was polled', () => {
    const rig = new PdRig({ quirks: { needsPollBeforeId: true } });
    expect(rig.clear(ID)).toBeNull();
    expect(nakOf(rig.clear(POLL))).toBe(6);
    expect(rig.clear(ID)?.reply?.name).toBe('PDID');
    rig.pd.reboot();
    expect(rig.clear(ID, { sequence: 0 })).toBeNull();
  });

  it('answers polls with its inputs although nothing happened', () => {
    const rig = new PdRig({ quirks: { reportsInputsUnasked: true } }).opened();
    rig.pd.pressKeys('1');
    expect(rig.secured(POLL).reply?.name).toBe('KEYPAD');
    expect(rig.secured(POLL).reply?.name).toBe('ISTATR');
  });

  it('refuses in clear, or oddly, while the channel stands', () => {
    const plain = new PdRig({ quirks: { refusesInClear: true } }).opened();
    const refused = plain.secured({ name: 'OUT', body: [{ output: 77, action: 2, timer100Ms: 0 }] });
    expect([refused.frame.block, nakOf(refused)]).toEqual([null, 9]);
    const odd = new PdRig({ quirks: { refusesVendorOddly: true } }).opened();
    expect(odd.secured(MFG)).toMatchObject({ frame: { block: null }, reply: { body: { code: 0x42, detail: new Uint8Array(2) } } });
    expect(odd.secured(POLL).reply?.name).toBe('ACK');
  });

  it('names the wrong kind of key', () => {
    const rig = new PdRig({ quirks: { echoesWrongKeyKind: true } });
    expect(rig.challenge('scbk')?.frame.block?.data).toEqual(Uint8Array.of(0));
  });

  it('says sequence 0 for ever', () => {
    const rig = new PdRig({ quirks: { repliesWithSequenceZero: true } });
    rig.clear(ID);
    expect(rig.clear(ID)?.frame.sequence).toBe(0);
  });

  it('is found elsewhere after a long silence', () => {
    const rig = new PdRig({ quirks: { fallsBackTo: { address: 1, afterMs: 30_000 } } });
    rig.clear(ID);
    rig.clock.pass(30_000);
    expect(rig.clear(ID, { sequence: 0 })).not.toBeNull();
    rig.clock.pass(30_001);
    expect(rig.clear(ID, { sequence: 0 })).toBeNull();
    expect(rig.clear(ID, { address: 1, sequence: 0 })).not.toBeNull();
  });

  it('makes noise around its replies', () => {
    const [leadingNoise, trailingNoise] = [Uint8Array.of(0xff, 0x00), Uint8Array.of(0x53)];
    const rig = new PdRig({ quirks: { leadingNoise, trailingNoise } });
    const answers: Uint8Array[] = [];
    createLineResponder([rig.pd], (reply) => answers.push(reply))(rig.clearBytes(ID));
    expect(answers[0]?.subarray(0, 3)).toEqual(Buffer.of(0xff, 0x00, 0x53));
    expect(answers[0]?.at(-1)).toBe(0x53);
  });

  it('answers late', async () => {
    const rig = new PdRig({ quirks: { answersLateMs: 1 } });
    const answers: Uint8Array[] = [];
    await new Promise<void>((resolve) => {
      createLineResponder([rig.pd], (reply) => {
        answers.push(reply);
        resolve();
      })(rig.clearBytes(ID));
      expect(answers).toEqual([]);
    });
    expect(answers).toHaveLength(1);
  });
});
