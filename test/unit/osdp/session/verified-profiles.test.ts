import { describe, expect, it } from 'vitest';
import { CAPABILITY } from '#adapters/osdp/messages/identity-codecs.ts';
import { PIV_ALGORITHM_P256, createPivCard } from '#adapters/osdp/simulator/piv-card.ts';
import { createScriptedCard } from '#adapters/osdp/simulator/smart-card.ts';
import { SessionRig } from './session-rig.ts';

const TEMPLATE = Uint8Array.from({ length: 40 }, (_, index) => (index * 7) & 0xff);
const SCAN = { reader: 0, type: 1, format: 1, quality: 50 } as const;

describe('what SIA OSDP Verified asks of an ACU in its further profiles', () => {
  it('060-14-01, 070-14-01: has a finger scanned and takes its template', () => {
    const rig = new SessionRig().bringOnline();
    rig.pd.device.biometrics.present({ ...SCAN, quality: 80, template: TEMPLATE });
    rig.command({ name: 'BIOREAD', body: SCAN });
    expect(rig.untilDone(1)).toMatchObject({
      result: 'ok',
      reply: { name: 'BIOREADR', body: { status: 0, quality: 80, template: TEMPLATE } },
    });
  });

  it('060-15-01, 070-15-01: has a finger compared with a template and takes the score', () => {
    const rig = new SessionRig().bringOnline();
    rig.pd.device.biometrics.present({ ...SCAN, quality: 80, template: TEMPLATE });
    rig.command({ name: 'BIOMATCH', body: { ...SCAN, template: TEMPLATE } });
    expect(rig.untilDone(1)).toMatchObject({ result: 'ok', reply: { name: 'BIOMATCHR', body: { status: 0, score: 255 } } });
    rig.command({ name: 'BIOMATCH', body: { ...SCAN, template: TEMPLATE.subarray(1) } });
    expect(rig.untilDone(2)).toMatchObject({ reply: { body: { score: 0 } } });
  });

  it('060-25-03: challenges a card with a key reference of more than one byte', () => {
    const rig = new SessionRig().bringOnline();
    rig.pd.device.piv.present(createPivCard({ serial: Uint8Array.of(1, 2, 3, 4), objects: {} }));
    const reference = { algorithm: PIV_ALGORITHM_P256, key: Uint8Array.of(0x9e, 0x01) };
    rig.command({ name: 'CRAUTH', body: { total: 8, offset: 0, data: new Uint8Array(8), reference } });
    // The card of the simulated reader has no such key; that the reader says so shows that it read it.
    expect(rig.untilDone(1)).toMatchObject({ result: 'refused' });
    expect(rig.state.phase).toBe('online');
  });

  it('060-26-01, 070-26-01: talks to a smart card through the reader', () => {
    const rig = new SessionRig().bringOnline();
    rig.pd.device.smartCards.present(createScriptedCard(Uint8Array.of(4, 5), { '00a4': '6f009000' }));
    rig.command({ name: 'XWR', body: { kind: 'set_mode', mode: 1, configuration: 0 } });
    expect(rig.untilDone(1)).toMatchObject({ result: 'ok' });
    rig.command({ name: 'XWR', body: { kind: 'apdu', reader: 0, apdu: Uint8Array.of(0, 0xa4) } });
    const done = rig.untilDone(2);
    expect(done).toMatchObject({ result: 'ok', reply: { name: 'XRD' } });
    expect(Buffer.from(done.raw?.data ?? []).toString('hex')).toContain('6f009000');
  });

  it.each([true, false])('070-05-13, 070-05-16: asks for smart cards and a secure PIN only a reader that has them: %s', (has) => {
    const compliance = has ? 1 : 0;
    const rig = new SessionRig({
      capabilities: [CAPABILITY.smartCard, CAPABILITY.securePin].map((code) => ({ function: code, compliance, count: 0 })),
    });
    rig.bringOnlineKeepingEffects();
    const online = rig.effects.find(({ kind }) => kind === 'online');
    expect(online).toMatchObject({ capabilities: { hasSmartCard: has, hasSecurePin: has } });
    rig.command({ name: 'XWR', body: { kind: 'set_mode', mode: 1, configuration: 0 } });
    expect(rig.untilDone(1).result).toBe(has ? 'ok' : 'unsupported');
  });

  it('070-07-01, 060-06-01, 060-07-01, 070-08-01: asks for contacts and relays when the reader comes', () => {
    const rig = new SessionRig();
    rig.pd.setInput(1, 'active');
    rig.bringOnlineKeepingEffects();
    expect(rig.effects).toContainEqual(expect.objectContaining({ kind: 'inputs', states: [0, 1] }));
    expect(rig.effects).toContainEqual(expect.objectContaining({ kind: 'outputs', states: [0, 0] }));
    expect(rig.sentCodes()).toEqual(expect.arrayContaining([0x65, 0x66]));
  });

  it('060-09-01, 060-11-01, 060-12-01: switches, sounds and writes', () => {
    const rig = new SessionRig().bringOnline();
    const beeps: number[] = [];
    rig.pd.onBuzzer(({ count }) => beeps.push(count));
    const text = Uint8Array.from(Buffer.from('Welcome'));
    rig.command({ name: 'OUT', body: [{ output: 0, action: 2, timer100Ms: 0 }] });
    rig.command({ name: 'BUZ', body: { reader: 0, tone: 2, on100Ms: 1, off100Ms: 1, count: 3 } });
    rig.command({ name: 'TEXT', body: { reader: 0, command: 1, durationS: 0, row: 1, column: 1, text } });
    for (const id of [1, 2, 3]) expect(rig.untilDone(id).result).toBe('ok');
    expect([rig.pd.outputs, beeps, rig.pd.text]).toEqual([[true, false], [3], 'Welcome']);
  });
});
