import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulatedReader } from '#adapters/osdp/simulator/simulated-line.ts';
import type { PdEffect } from '#adapters/osdp/pd/transition.ts';
import { SimulatedPd } from '#adapters/osdp/simulator/simulated-pd.ts';
import { LibosdpPeer, prepareLibosdp } from '#test/peers/libosdp/libosdp-peer.ts';
import { laySerialCable } from '#test/support/readers/serial-cable.ts';
import { ADDRESS, BAUD, KEY, LINE_KINDS, type LineKind } from './libosdp-line.ts';
import { CARD, pause, scbkOf } from './osdp-site.ts';

const WAIT_TRIES_MAX = 250;

type Fields = Readonly<Record<string, unknown>>;

let reader: SimulatedPd;
let place: string | number;
let effects: PdEffect[];
const open: (() => Promise<void>)[] = [];

beforeAll(prepareLibosdp);

/** The simulated reader, and where it is found. */
async function plugIn(kind: LineKind): Promise<void> {
  const options = { address: ADDRESS, scbk: scbkOf(ADDRESS) };
  if (kind === 'tcp') {
    const onTcp = await createSimulatedReader({ ...options, host: '127.0.0.1', port: 0 });
    open.push(() => onTcp.close());
    [reader, place] = [onTcp, onTcp.port];
  } else {
    const onPty = new SimulatedPd(options);
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-libosdp-'));
    const cable = await laySerialCable(folder, [onPty], BAUD);
    open.push(async () => {
      onPty.dispose();
      await cable.close();
      await rm(folder, { recursive: true, force: true });
    });
    [reader, place] = [onPty, cable.path];
  }
  effects = [];
  reader.onProtocol((effect) => effects.push(effect));
}

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function connect(key = KEY): Promise<LibosdpPeer> {
  const peer = new LibosdpPeer('cp', ADDRESS, key, place);
  open.push(() => peer.stop());
  expect(await peer.until('secure')).toBe(true);
  return peer;
}

async function untilTrue(isTrue: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !isTrue(); tries += 1) {
    if (tries > WAIT_TRIES_MAX) throw new Error(`never came: ${what}`);
    await pause(20);
  }
}

const refusals = (): readonly number[] => effects.flatMap((effect) => (effect.kind === 'refused' ? [effect.nakCode] : []));
const hasFields = (wanted: Fields) => (fact: unknown) => Object.entries(wanted).every(([name, value]) => (fact as Fields)[name] === value);

describe.each(LINE_KINDS)('libosdp as controller of the simulated reader over %s', (kind) => {
  beforeEach(() => plugIn(kind));

  it('opens a secure channel', async () => {
    await connect();
    expect(reader.isSecure).toBe(true);
    expect(refusals()).toEqual([]);
  });

  it('hears cards of any length, raw and Wiegand, and keys', async () => {
    const peer = await connect();
    reader.presentCard(CARD, 26);
    expect(await peer.until('event', hasFields({ length: 26 }))).toMatchObject({ data: Buffer.from(CARD).toString('hex') });
    reader.presentCard(new Uint8Array(25).fill(0x5a), 200, 0);
    expect(await peer.until('event', hasFields({ length: 200 }))).toMatchObject({ data: '5a'.repeat(25) });
    reader.pressKeys('12#');
    expect(await peer.until('event', hasFields({ data: '31320d' }))).toBeDefined();
  });

  it('lights, sounds, writes and switches', async () => {
    const peer = await connect();
    const moves: boolean[] = [];
    const beeps: number[] = [];
    reader.onOutput(({ active }) => moves.push(active));
    reader.onBuzzer(({ count }) => beeps.push(count));
    const light = { reader: 0, led_number: 0, control_code: 1, on_count: 5, off_count: 5, on_color: 2, off_color: 0 };
    peer.order({ submit: { command: 'LED', ...light, timer_count: 0, temporary: false } });
    peer.order({ submit: { command: 'Buzzer', reader: 0, control_code: 2, on_count: 1, off_count: 1, rep_count: 2 } });
    peer.order({ submit: { command: 'Output', output_no: 0, control_code: 5, timer_count: 2 } });
    peer.order({ submit: { command: 'Text', reader: 0, control_code: 1, temp_time: 0, offset_row: 1, offset_col: 1, data: 'Welcome' } });
    await untilTrue(() => moves.length === 2 && beeps.length === 1 && reader.text !== '', 'all four commands');
    expect([moves, beeps, reader.colour, reader.text]).toEqual([[true, false], [2], 2, 'Welcome']);
    expect(refusals()).toEqual([]);
  });

  it('is told of tamper, power and contacts', async () => {
    const peer = await connect();
    reader.setTampered(true);
    expect(await peer.until('event', (event) => JSON.stringify(event).includes('"0100"'))).toBeDefined();
    reader.setPowerFailed(true);
    expect(await peer.until('event', (event) => JSON.stringify(event).includes('"0101"'))).toBeDefined();
    reader.setInput(1, 'active');
    expect(await peer.until('event', (event) => JSON.stringify(event).includes('"0001"'))).toBeDefined();
  });

  it('gives it another key, with which the channel is opened after a power cut', async () => {
    const peer = await connect();
    const next = '8f1e2d3c4b5a69788796a5b4c3d2e1f0';
    peer.order({ submit: { command: 'Keyset', type: 1, data: { hex: next } } });
    await untilTrue(() => effects.some(({ kind }) => kind === 'key_changed'), 'the key');
    expect(effects.find((effect) => effect.kind === 'key_changed')).toMatchObject({ scbk: Uint8Array.from(Buffer.from(next, 'hex')) });
    await peer.stop();
    reader.reboot();
    await connect(next);
  });

  it('gives it another address and baud rate and follows it there', async () => {
    const peer = await connect();
    peer.order({ submit: { command: 'Comset', address: 9, baud_rate: 38_400 } });
    await untilTrue(() => reader.address === 9, 'the address');
    expect(reader.baud).toBe(38_400);
    reader.presentCard(CARD, 26);
    expect(await peer.until('event', hasFields({ length: 26 }))).toBeDefined();
  });

  it('sends it a file, and the reader may finish slowly', async () => {
    const content = Uint8Array.from({ length: 3_000 }, (_, index) => (index * 31) & 0xff);
    const files: Uint8Array[] = [];
    reader.device.files.setPolicy({ interleave: true, delayMs: 20, finishingRounds: 2 });
    reader.device.files.onFile((file) => files.push(file.content));
    const peer = await connect();
    peer.order({ file: Buffer.from(content).toString('hex') });
    await untilTrue(() => files.length === 1, 'the file');
    expect(files).toEqual([content]);
    expect(refusals()).toEqual([]);
  });

  it('exchanges messages of the manufacturer', async () => {
    const peer = await connect();
    peer.order({ submit: { command: 'Manufacturer', vendor_code: 0x495300, data: { hex: '0102' } } });
    expect(await peer.until('event', hasFields({ data: '0102' }))).toBeDefined();
  });

  it('unplugs it and plugs it in again', async () => {
    const peer = await connect();
    peer.order({ plugged: false });
    expect(await peer.until('plugged')).toEqual([false, true]);
    // It says no for as long as it is still busy with unplugging.
    const isPlugged = (): boolean => peer.facts.some(({ plugged }) => Array.isArray(plugged) && plugged[0] === true && plugged[1] === true);
    await untilTrue(() => {
      if (!isPlugged()) peer.order({ plugged: true });
      return isPlugged();
    }, 'the plug');
    await untilTrue(() => effects.filter(({ kind }) => kind === 'channel_opened').length === 2, 'a second channel');
    reader.presentCard(CARD, 26);
    expect(await peer.until('event', hasFields({ length: 26 }))).toBeDefined();
  });
});
