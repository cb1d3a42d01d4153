import { describe, expect, it } from 'vitest';
import type { BiometricScan } from '#adapters/osdp/messages/biometric-codecs.ts';
import { RAW_FORMAT } from '#adapters/osdp/messages/credential-codecs.ts';
import { COLOUR, LED_PERMANENT, LED_TEMPORARY, OUTPUT_ACTION } from '#adapters/osdp/messages/output-codecs.ts';
import { PD_FILE_MAX, type ReceivedFile } from '#adapters/osdp/simulator/pd-files.ts';
import { createScriptedCard } from '#adapters/osdp/simulator/smart-card.ts';
import { PdRig, nakOf } from '../pd/pd-rig.ts';

const POLL = { name: 'POLL', body: {} } as const;
const ON: readonly boolean[] = [true, false];
const OFF: readonly boolean[] = [false, false];

function out(rig: PdRig, action: number, timer100Ms = 0, output = 0) {
  return rig.secured({ name: 'OUT', body: [{ output, action, timer100Ms }] });
}

describe('the outputs of a simulated reader', () => {
  it.each([
    { name: 'none', before: [], action: OUTPUT_ACTION.none, at: [OFF, OFF, OFF] },
    { name: 'on', before: [], action: OUTPUT_ACTION.onAbortTimer, at: [ON, ON, ON] },
    { name: 'off', before: [OUTPUT_ACTION.onAbortTimer], action: OUTPUT_ACTION.offAbortTimer, at: [OFF, OFF, OFF] },
    { name: 'on for a time', before: [], action: OUTPUT_ACTION.onForTime, at: [ON, ON, OFF] },
    { name: 'off for a time', before: [OUTPUT_ACTION.onAbortTimer], action: OUTPUT_ACTION.offForTime, at: [OFF, OFF, ON] },
    { name: 'on for a time, then on at its end', before: [OUTPUT_ACTION.onForTime], action: OUTPUT_ACTION.onAfterTimer, at: [ON, ON, ON] },
    {
      name: 'off at the end of the time',
      before: [OUTPUT_ACTION.onAbortTimer, OUTPUT_ACTION.onForTime],
      action: OUTPUT_ACTION.offAfterTimer,
      at: [ON, ON, OFF],
    },
    { name: 'off at once in a time', before: [OUTPUT_ACTION.onForTime], action: OUTPUT_ACTION.offAbortTimer, at: [OFF, OFF, OFF] },
  ])('060-09-01: $name', ({ before, action, at }) => {
    const rig = new PdRig().opened();
    for (const earlier of before) out(rig, earlier, 5);
    expect(out(rig, action, 5).reply?.name).toBe('ACK');
    const seen = [rig.pd.outputs];
    rig.clock.pass(499);
    seen.push(rig.pd.outputs);
    rig.clock.pass(1);
    seen.push(rig.pd.outputs);
    expect(seen).toEqual(at);
  });

  it('070-02-03, 070-08-01: tell of each move, and refuse what does not exist', () => {
    const rig = new PdRig().opened();
    const moves: boolean[] = [];
    rig.pd.onOutput(({ active }) => moves.push(active));
    out(rig, OUTPUT_ACTION.onForTime, 1);
    rig.clock.pass(100);
    expect(moves).toEqual([true, false]);
    expect(rig.secured(POLL).reply).toEqual({ name: 'OSTATR', body: { states: [1, 0] } });
    expect(rig.secured(POLL).reply).toEqual({ name: 'OSTATR', body: { states: [0, 0] } });
    expect(nakOf(out(rig, OUTPUT_ACTION.onForTime, 1, 2))).toBe(9);
    expect(nakOf(out(rig, 7))).toBe(9);
  });
});

describe('the display of a simulated reader', () => {
  it('060-10-01: blinks for its time, then shows the lasting colour; a cancel ends it at once', () => {
    const rig = new PdRig().opened();
    const pattern = { on100Ms: 2, off100Ms: 3, onColour: COLOUR.red, offColour: COLOUR.blue };
    const permanent = { action: LED_PERMANENT.set, on100Ms: 0, off100Ms: 0, onColour: COLOUR.green, offColour: COLOUR.black };
    const temporary = { action: Number(LED_TEMPORARY.set), ...pattern, timer100Ms: 10 };
    const light = (change: Partial<typeof temporary> = {}) =>
      rig.secured({ name: 'LED', body: [{ reader: 0, led: 0, temporary: { ...temporary, ...change }, permanent }] });
    light();
    const { display } = rig.pd.device;
    expect(display.colourNow(0)).toBe(COLOUR.red);
    rig.clock.pass(200);
    expect([display.colourNow(0), rig.pd.colour]).toEqual([COLOUR.blue, COLOUR.red]);
    rig.clock.pass(800);
    expect(display.colourNow(0)).toBe(COLOUR.green);
    light();
    light({ action: LED_TEMPORARY.cancel });
    expect(display.colourNow(0)).toBe(COLOUR.green);
    const missing = rig.secured({ name: 'LED', body: [{ reader: 0, led: 1, temporary, permanent }] });
    expect(nakOf(missing)).toBe(9);
  });

  it('060-11-01, 060-12-01: buzzes in its rhythm and forgets a text that has a time', () => {
    const rig = new PdRig().opened();
    const text = (command: number, words: string) =>
      rig.secured({ name: 'TEXT', body: { reader: 0, command, durationS: 2, row: 1, column: 1, text: Buffer.from(words) } });
    text(1, 'Welcome');
    text(3, 'No entry');
    rig.secured({ name: 'BUZ', body: { reader: 0, tone: 2, on100Ms: 1, off100Ms: 1, count: 2 } });
    const sounds: boolean[] = [];
    for (let at = 0; at < 5; at += 1) {
      sounds.push(rig.pd.device.display.isBuzzing);
      rig.clock.pass(100);
    }
    expect(sounds).toEqual([true, false, true, false, false]);
    expect(rig.pd.text).toBe('No entry');
    rig.clock.pass(1_500);
    expect(rig.pd.text).toBe('Welcome');
  });
});

describe('what a simulated reader tells', () => {
  it('070-02-02, 070-02-04, 060-02-02, 070-09-01: contacts, tamper, power and attached readers, each at a poll', () => {
    const rig = new PdRig().opened();
    rig.pd.setInput(1, 'fault');
    rig.pd.setTampered(true);
    rig.pd.setPowerFailed(true);
    rig.pd.device.contacts.setAttachedReader(1, 2);
    const told = [1, 2, 3, 4, 5].map(() => rig.secured(POLL).reply);
    expect(told).toEqual([
      { name: 'ISTATR', body: { states: [0, 4] } },
      { name: 'LSTATR', body: { tampered: true, powerFailed: false } },
      { name: 'LSTATR', body: { tampered: true, powerFailed: true } },
      { name: 'RSTATR', body: { states: [0, 2] } },
      { name: 'ACK', body: {} },
    ]);
  });

  it('070-10-01..07: cards of every format', () => {
    const rig = new PdRig().opened();
    for (const format of Object.values(RAW_FORMAT)) rig.pd.presentCard(new Uint8Array(25).fill(7), 200, format);
    rig.pd.device.presentDigits('0123', 'backward');
    for (const format of Object.values(RAW_FORMAT))
      expect(rig.secured(POLL).reply).toMatchObject({ name: 'RAW', body: { format, bitCount: 200 } });
    expect(rig.secured(POLL).reply).toMatchObject({ name: 'FMT', body: { direction: 1 } });
  });

  it('tells again what may not have arrived when the ACU starts anew', () => {
    const rig = new PdRig().opened();
    rig.pd.presentCard(Uint8Array.of(1), 8);
    rig.secured(POLL);
    rig.opened();
    expect(rig.secured(POLL).reply?.name).toBe('RAW');
    rig.secured(POLL);
    rig.opened();
    expect(rig.secured(POLL).reply?.name).toBe('ACK');
  });
});

describe('the other abilities of a simulated reader', () => {
  it('060-14-01, 060-15-01, 070-03-10, 070-03-11: finds what was put before it, and refuses unknown types and formats', () => {
    const rig = new PdRig().opened();
    const scan: BiometricScan = { reader: 0, type: 1, format: 2, quality: 50 };
    const template = Uint8Array.of(1, 2, 3);
    const match = (candidate: Uint8Array) => rig.secured({ name: 'BIOMATCH', body: { ...scan, template: candidate } }).reply;
    expect(rig.secured({ name: 'BIOREAD', body: scan }).reply).toMatchObject({ body: { status: 1 } });
    rig.pd.device.biometrics.present({ ...scan, quality: 80, template });
    expect(rig.secured({ name: 'BIOREAD', body: scan }).reply).toMatchObject({ body: { status: 0, quality: 80, template } });
    expect(match(template)).toMatchObject({ body: { status: 0, score: 255 } });
    expect(match(Uint8Array.of(9))).toMatchObject({ body: { status: 0, score: 0 } });
    expect(nakOf(rig.secured({ name: 'BIOREAD', body: { ...scan, type: 99 } }))).toBe(7);
    expect(nakOf(rig.secured({ name: 'BIOREAD', body: { ...scan, format: 99 } }))).toBe(8);
  });

  it('060-27-01, 070-26-01: lets the ACU speak with a card in transparent mode', () => {
    const rig = new PdRig().opened();
    const xwr = (body: Parameters<PdRig['secured']>[0] & { name: 'XWR' }) => rig.secured(body).reply;
    const apdu = { name: 'XWR', body: { kind: 'apdu', reader: 0, apdu: Uint8Array.of(0, 0xa4) } } as const;
    expect(nakOf(rig.secured(apdu))).toBe(9);
    expect(xwr({ name: 'XWR', body: { kind: 'set_mode', mode: 1, configuration: 0 } })).toMatchObject({ body: { kind: 'mode', mode: 1 } });
    expect(xwr(apdu)).toMatchObject({ body: { kind: 'error' } });
    rig.pd.device.smartCards.present(createScriptedCard(Uint8Array.of(4, 5), { '00a4': '6f009000' }));
    expect(rig.secured(POLL).reply).toMatchObject({ name: 'XRD', body: { kind: 'presence' } });
    expect(xwr(apdu)).toMatchObject({ body: { kind: 'apdu', apdu: Uint8Array.of(0x6f, 0, 0x90, 0) } });
    expect(xwr({ name: 'XWR', body: { kind: 'apdu', reader: 0, apdu: Uint8Array.of(9) } })).toMatchObject({
      body: { apdu: Uint8Array.of(0x6d, 0) },
    });
    expect(xwr({ name: 'XWR', body: { kind: 'scan', reader: 0 } })).toMatchObject({
      body: { kind: 'card_info', serial: Uint8Array.of(4, 5) },
    });
    expect(rig.secured({ name: 'XWR', body: { kind: 'end', reader: 0 } }).reply?.name).toBe('ACK');
  });

  it('060-19-01, 070-18-01: echoes its vendor, refuses others, and says what a test wants', () => {
    const vendor = Uint8Array.of(0, 0x53, 0x49);
    const rig = new PdRig().opened();
    expect(rig.secured({ name: 'MFG', body: { vendor, data: Uint8Array.of(7) } }).reply).toMatchObject({
      name: 'MFGREP',
      body: { data: Uint8Array.of(7) },
    });
    expect(nakOf(rig.secured({ name: 'MFG', body: { vendor: Uint8Array.of(1, 1, 1), data: vendor } }))).toBe(9);
    const failing = new PdRig({ answerVendor: () => ({ name: 'MFGERRR', body: { data: Uint8Array.of(3) } }) }).opened();
    expect(failing.secured({ name: 'MFG', body: { vendor, data: vendor } }).reply?.name).toBe('MFGERRR');
    const unknown = new PdRig({ answerVendor: () => ({ name: 'RAW_MESSAGE', message: { code: 0xee, data: vendor } }) }).opened();
    expect(unknown.secured({ name: 'MFG', body: { vendor, data: vendor } }).frame.code).toBe(0xee);
  });

  it('060-21-01: keeps the field up as long as it was asked, or until ABORT', () => {
    const rig = new PdRig().opened();
    rig.secured({ name: 'KEEPACTIVE', body: { durationMs: 700 } });
    rig.clock.pass(699);
    expect(rig.pd.device.isKeptActive).toBe(true);
    rig.clock.pass(1);
    expect(rig.pd.device.isKeptActive).toBe(false);
  });

  it('070-05-01: has the abilities that a test gives it, and refuses commands that it shall not have', () => {
    const capabilities = [{ function: 9, compliance: 0, count: 0 }];
    const rig = new PdRig({ capabilities, unsupported: ['BUZ'] }).opened();
    expect(rig.secured({ name: 'CAP', body: { form: 0 } }).reply).toEqual({ name: 'PDCAP', body: capabilities });
    expect(nakOf(rig.secured({ name: 'BUZ', body: { reader: 0, tone: 2, on100Ms: 1, off100Ms: 1, count: 1 } }))).toBe(3);
  });
});

describe('a file at a simulated reader', () => {
  const content = Uint8Array.from({ length: 250 }, (_, index) => index);
  const fragment = (offset: number, length = 100, total = content.length, type = 1) =>
    ({ name: 'FILETRANSFER', body: { type, total, offset, data: content.slice(offset, offset + length) } }) as const;
  const status = (rig: PdRig, command: Parameters<PdRig['secured']>[0]) => {
    const { reply } = rig.secured(command);
    return reply?.name === 'FTSTAT' ? reply.body.status : null;
  };

  it('060-26-01, 070-25-01: arrives whole, in order', () => {
    const rig = new PdRig().opened();
    const files: ReceivedFile[] = [];
    rig.pd.device.files.onFile((file) => files.push(file));
    expect([0, 100, 200].map((offset) => status(rig, fragment(offset)))).toEqual([0, 0, 1]);
    expect(files).toEqual([{ type: 1, content }]);
    expect(status(rig, fragment(100))).toBe(-3);
    expect(status(rig, fragment(0, 100, 250, 9))).toBe(-2);
    expect(status(rig, fragment(0, 100, PD_FILE_MAX))).toBe(0);
    expect(status(rig, fragment(0, 100, PD_FILE_MAX + 1))).toBe(-1);
  });

  it('070-25-02, 070-25-03, 070-25-04, 070-25-05: takes its time, wants smaller pieces, gives up, and finishes slowly', () => {
    const rig = new PdRig().opened();
    rig.pd.device.files.setPolicy({ interleave: true, delayMs: 250, messageMax: 64, finishingRounds: 2, end: 'rebooting' });
    expect(rig.secured(fragment(0)).reply).toEqual({ name: 'FTSTAT', body: { action: 1, delayMs: 250, status: 0, messageMax: 64 } });
    const idle = fragment(250, 0);
    expect([fragment(100), fragment(200), idle, idle].map((command) => status(rig, command))).toEqual([0, 3, 3, 2]);
    rig.pd.device.files.setPolicy({ abortsAt: 150 });
    expect([0, 100].map((offset) => status(rig, fragment(offset)))).toEqual([0, -1]);
    rig.pd.device.files.setPolicy({});
    status(rig, fragment(0));
    rig.secured({ name: 'ABORT', body: {} });
    expect(status(rig, fragment(100))).toBe(-3);
  });
});
