import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LibosdpPeer, prepareLibosdp } from '#test/peers/libosdp/libosdp-peer.ts';
import { ADDRESS, KEY, LINE_KINDS, type LineKind, type ReaderSocket, createReaderSocket, hexOf } from './libosdp-line.ts';
import { CARD, OsdpSite, type OsdpSiteOptions, pause, readerId, scbkOf } from './osdp-site.ts';

const ID = readerId(ADDRESS);
const open: (() => Promise<void>)[] = [];

interface Driven {
  readonly socket: ReaderSocket;
  readonly peer: LibosdpPeer;
  readonly site: OsdpSite;
}

/** Our controller, and libosdp as the reader at the other end. */
async function connect(kind: LineKind, key = KEY, options: OsdpSiteOptions = {}): Promise<Driven> {
  const socket = await createReaderSocket(kind);
  open.push(() => socket.close());
  const peer = await socket.plugIn(key);
  const site = new OsdpSite(socket.link, [ADDRESS], 10, options);
  open.push(() => site.readers.stop());
  await site.readers.start();
  return { socket, peer, site };
}

async function online(kind: LineKind): Promise<Driven> {
  const driven = await connect(kind);
  await driven.site.until('online');
  return driven;
}

function showCard(peer: LibosdpPeer, bits: Uint8Array = CARD, length = 26, format = 'Wiegand'): void {
  peer.order({ event: { event: 'CardRead', reader_no: 0, format, direction: 0, length, data: { hex: hexOf(bits) } } });
}

function report(peer: LibosdpPeer, type: string, hex: string): void {
  peer.order({ event: { event: 'Status', type, report: { hex } } });
}

const message = (code: number, hex: string) => ({ code, data: Uint8Array.from(Buffer.from(hex, 'hex')) });

function isMatch(event: object | undefined, fields: object): boolean {
  const found: Readonly<Record<string, unknown>> = { ...event };
  return Object.entries(fields).every(([name, value]) => JSON.stringify(found[name]) === JSON.stringify(value));
}

beforeAll(prepareLibosdp);

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

describe.each(LINE_KINDS)('libosdp as reader over %s', (kind) => {
  it('comes on line in a secure channel and is polled without a fault', async () => {
    const { site } = await online(kind);
    await pause(1_000);
    expect(site.readers.maintenance.health(ID)).toMatchObject({ isOnline: true, isSecure: true });
    expect(site.of('offline')).toEqual([]);
    expect(site.alarms()).toEqual([]);
  });

  it('stays off line with one alarm when its key is another', async () => {
    const { site } = await connect(kind, '0f1e2d3c4b5a69788796a5b4c3d2e1f1');
    await site.until('alarm');
    await pause(500);
    expect(site.alarms()).toEqual(['osdp.key_mismatch']);
    expect(site.of('online')).toEqual([]);
  });

  it('reads cards of any length', async () => {
    const { peer, site } = await online(kind);
    showCard(peer);
    await site.until('card_read');
    showCard(peer, Uint8Array.from(Buffer.from('1234567808', 'hex')), 37);
    await site.until('card_read', 2);
    showCard(peer, new Uint8Array(25).fill(0x5a), 200, 'Unspecified');
    await site.until('card_read', 3);
    expect(site.of('card_read')).toMatchObject([{ bits: CARD, bitCount: 26 }, { bitCount: 37 }, { bitCount: 200 }]);
  });

  it('reads keys', async () => {
    const { peer, site } = await online(kind);
    peer.order({ event: { event: 'KeyPress', reader_no: 0, data: { hex: '31320d' } } });
    await site.until('keypad');
    expect(site.of('keypad')).toMatchObject([{ keys: '12#' }]);
  });

  it('switches an output, lights, sounds and writes', async () => {
    const { peer, site } = await online(kind);
    expect(await site.readers.pulseOutput(ID, 1, 500)).toEqual({ ok: true });
    expect(await site.readers.indicate(ID, 'denied')).toEqual({ ok: true });
    const shown = await site.readers.maintenance.exchange(ID, message(0x6b, '000100010107' + Buffer.from('Welcome').toString('hex')));
    expect(shown).toMatchObject({ ok: true, reply: { code: 0x40 } });
    await peer.until('command', (command) => JSON.stringify(command).includes('Welcome'));
    expect(peer.facts.filter((fact) => 'command' in fact).map((fact) => fact['command'])).toMatchObject([
      { output_no: 1, control_code: 5, timer_count: 5 },
      { temporary: true, on_color: 1, off_color: 0, timer_count: 16 },
      { control_code: 2, rep_count: 3 },
      { control_code: 3, data: 'No access' },
      { data: 'Welcome' },
    ]);
  });

  it('tells of tamper, power and contacts', async () => {
    const { peer, site } = await online(kind);
    const tells = async (type: 'Local' | 'Input', hex: string, fields: object): Promise<void> => {
      // What it says of itself at first may come before or after.
      const isTold = (): boolean => isMatch(site.of(type === 'Local' ? 'local_status' : 'inputs').at(-1), fields);
      while (!isTold()) {
        const onlineBefore = site.of('online').length;
        report(peer, type, hex);
        // Where the machine kept the line waiting, the peer forgets what it was about to tell.
        await site.untilTrue(() => isTold() || site.of('online').length > onlineBefore, JSON.stringify(fields));
      }
    };
    await tells('Local', '0100', { tampered: true, powerFailed: false });
    await tells('Local', '0001', { tampered: false, powerFailed: true });
    await tells('Input', '0001', { inputs: ['inactive', 'active'] });
  });

  it('takes another key and comes back under it', async () => {
    const { peer, site } = await online(kind);
    const next = Uint8Array.from({ length: 16 }, (_, index) => (index * 53 + 17) & 0xff);
    expect(await site.readers.maintenance.setKey(ID, next)).toEqual({ ok: true });
    expect(site.readers.maintenance.health(ID)?.isSecure).toBe(true);
    showCard(peer);
    await site.until('card_read');
    expect(site.of('offline')).toEqual([]);
  });

  it('takes another address and speed, and is driven there', async () => {
    const { peer, site } = await online(kind);
    expect(await site.readers.maintenance.setLine(ID, { address: 9, baud: 38_400 })).toEqual({ ok: true });
    expect(site.readers.maintenance.health(ID)).toMatchObject({ address: 9, isOnline: true });
    // What is shown while it is looked for may be old by then, and is thrown away.
    await pause(500);
    showCard(peer);
    await site.until('card_read');
    expect(site.alarms()).toEqual([]);
  });

  it('receives a file', async () => {
    const { peer, site } = await online(kind);
    const content = Uint8Array.from({ length: 3_000 }, (_, index) => (index * 31) & 0xff);
    expect(await site.readers.maintenance.transferFile(ID, 1, content)).toEqual({ ok: true });
    expect(await peer.until('file')).toBe(hexOf(content));
  });

  it('is unplugged, and read again when another is plugged in', async () => {
    const { peer, site, socket } = await online(kind);
    showCard(peer);
    await site.until('card_read');
    await peer.stop();
    await site.until('offline');
    const again = await socket.plugIn();
    await site.until('online', 2);
    showCard(again);
    await site.until('card_read', 2);
    expect(site.alarms()).toEqual([]);
  });

  it('waits for its first key, and gets it in an install window and not before', async () => {
    const { peer, site } = await connect(kind, 'install', { keyOf: () => scbkOf(3) });
    await site.until('alarm');
    await pause(500);
    expect(site.of('online')).toEqual([]);
    const window = { firstKey: scbkOf(2), finalKey: scbkOf(3), durationMs: 20_000 };
    expect(await site.readers.maintenance.openInstallWindow(ID, window)).toEqual({ ok: true });
    await site.until('online');
    showCard(peer);
    await site.until('card_read');
  });
});

it('is asked for what no other command of the port asks', async () => {
  const { site } = await online('tcp');
  expect(await site.readers.maintenance.exchange(ID, message(0x61, '00'))).toMatchObject({ ok: true, reply: { code: 0x45 } });
});
