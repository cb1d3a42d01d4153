import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LibosdpPeer, prepareLibosdp } from '#test/peers/libosdp/libosdp-peer.ts';
import { CARD, OsdpSite, pause, readerId, scbkOf } from './osdp-site.ts';

const ADDRESS = 5;
const KEY = Buffer.from(scbkOf(ADDRESS)).toString('hex');
const ID = readerId(ADDRESS);

let peer: LibosdpPeer;
let site: OsdpSite;

beforeAll(prepareLibosdp);

beforeEach(async () => {
  peer = new LibosdpPeer('pd', ADDRESS, KEY);
  site = new OsdpSite({ kind: 'tcp', host: '127.0.0.1', port: Number(await peer.until('port')) }, [ADDRESS]);
  await site.readers.start();
  await site.until('online');
});

afterEach(async () => {
  await site.readers.stop();
  await peer.stop();
});

const message = (code: number, hex: string) => ({ code, data: Uint8Array.from(Buffer.from(hex, 'hex')) });

describe('libosdp as reader, its maintenance', () => {
  it('tells of keys, cards in raw format, tamper and power', async () => {
    peer.order({ event: { event: 'KeyPress', reader_no: 0, data: { hex: '31320d' } } });
    await site.until('keypad');
    expect(site.of('keypad')).toMatchObject([{ keys: '12#' }]);
    const raw = { event: 'CardRead', reader_no: 0, format: 'Unspecified', direction: 0, length: 200, data: { hex: '5a'.repeat(25) } };
    peer.order({ event: raw });
    await site.until('card_read');
    expect(site.of('card_read')).toMatchObject([{ bitCount: 200 }]);
    const before = site.of('local_status').length;
    peer.order({ event: { event: 'Status', type: 'Local', report: { hex: '0100' } } });
    await site.until('local_status', before + 1);
    expect(site.of('local_status').at(-1)).toMatchObject({ tampered: true, powerFailed: false });
    expect(site.alarms()).toEqual([]);
  });

  it('shows a text and is asked for what no other command of the port asks', async () => {
    const shown = await site.readers.maintenance.exchange(ID, message(0x6b, '000100010107' + Buffer.from('Welcome').toString('hex')));
    expect(shown).toMatchObject({ ok: true, reply: { code: 0x40 } });
    expect(await peer.until('command', (command) => JSON.stringify(command).includes('Welcome'))).toBeDefined();
    expect(await site.readers.maintenance.exchange(ID, message(0x61, '00'))).toMatchObject({ ok: true, reply: { code: 0x45 } });
  });

  it('receives a file', async () => {
    const content = Uint8Array.from({ length: 3_000 }, (_, index) => (index * 31) & 0xff);
    expect(await site.readers.maintenance.transferFile(ID, 1, content)).toEqual({ ok: true });
    expect(await peer.until('file')).toBe(Buffer.from(content).toString('hex'));
  });

  it('takes another key and comes back under it', async () => {
    const next = Uint8Array.from({ length: 16 }, (_, index) => (index * 53 + 17) & 0xff);
    expect(await site.readers.maintenance.setKey(ID, next)).toEqual({ ok: true });
    expect(site.readers.maintenance.health(ID)?.isSecure).toBe(true);
    peer.order({
      event: {
        event: 'CardRead',
        reader_no: 0,
        format: 'Wiegand',
        direction: 0,
        length: 26,
        data: { hex: Buffer.from(CARD).toString('hex') },
      },
    });
    await site.until('card_read');
  });

  it('takes another address and is found there', async () => {
    expect(await site.readers.maintenance.setLine(ID, { address: 9, baud: 9_600 })).toEqual({ ok: true });
    expect(site.readers.maintenance.health(ID)?.address).toBe(9);
    await pause(100);
    expect(site.readers.maintenance.health(ID)?.isOnline).toBe(true);
  });
});
