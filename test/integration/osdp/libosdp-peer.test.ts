import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LibosdpPeer, prepareLibosdp } from '#test/peers/libosdp/libosdp-peer.ts';
import { CARD, OsdpSite, pause, readerId, scbkOf } from './osdp-site.ts';

const ADDRESS = 5;
const KEY = Buffer.from(scbkOf(ADDRESS)).toString('hex');
const open: (() => Promise<void>)[] = [];

beforeAll(prepareLibosdp);

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

describe('libosdp as reader', () => {
  it('comes on line in a secure channel, is read and driven, and polled without a fault', async () => {
    const peer = new LibosdpPeer('pd', ADDRESS, KEY);
    open.push(() => peer.stop());
    const site = new OsdpSite({ kind: 'tcp', host: '127.0.0.1', port: Number(await peer.until('port')) }, [ADDRESS]);
    open.push(() => site.readers.stop());
    await site.readers.start();
    await site.until('online');
    peer.order(card(Buffer.from(CARD).toString('hex'), 26));
    await site.until('card_read');
    peer.order(card('1234567808', 37));
    await site.until('card_read', 2);
    expect(site.of('card_read')).toMatchObject([
      { bits: CARD, bitCount: 26 },
      { bits: Uint8Array.from(Buffer.from('1234567808', 'hex')), bitCount: 37 },
    ]);
    expect(await site.readers.pulseOutput(readerId(ADDRESS), 1, 500)).toEqual({ ok: true });
    expect(await site.readers.indicate(readerId(ADDRESS), 'denied')).toEqual({ ok: true });
    const commands = peer.facts.filter((fact) => 'command' in fact).map((fact) => fact['command']);
    expect(commands).toMatchObject([
      { output_no: 1, control_code: 5, timer_count: 5 },
      { temporary: true, on_color: 1, off_color: 0, timer_count: 16 },
      { control_code: 2, rep_count: 3 },
      { control_code: 3, data: 'No access' },
    ]);
    await pause(1_000);
    expect(site.of('offline')).toEqual([]);
    expect(site.alarms()).toEqual([]);
  });

  it('stays off line with one alarm when its key is another', async () => {
    const peer = new LibosdpPeer('pd', ADDRESS, '0f'.repeat(16));
    open.push(() => peer.stop());
    const site = new OsdpSite({ kind: 'tcp', host: '127.0.0.1', port: Number(await peer.until('port')) }, [ADDRESS]);
    open.push(() => site.readers.stop());
    await site.readers.start();
    await site.until('alarm');
    await pause(500);
    expect(site.alarms()).toEqual(['osdp.key_mismatch']);
    expect(site.of('online')).toEqual([]);
  });
});

/** libosdp's order to report a card. */
function card(hex: string, length: number) {
  return { event: { event: 'CardRead', reader_no: 0, format: 'Wiegand', direction: 0, length, data: { hex } } };
}
