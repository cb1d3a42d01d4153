import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SimulatedLine, createSimulatedLine } from '#adapters/osdp/simulator/simulated-line.ts';
import { OsdpSite, readerId, scbkOf } from './osdp-site.ts';

const CARD = Uint8Array.of(0xde, 0xad, 0xbe, 0x40);

let line: SimulatedLine;
let site: OsdpSite;

beforeEach(async () => {
  line = await createSimulatedLine({ host: '127.0.0.1', port: 0, readers: [1, 2].map((address) => ({ address, scbk: scbkOf(address) })) });
  site = new OsdpSite({ kind: 'tcp', host: line.host, port: line.port }, [1, 2]);
  await site.readers.start();
  await site.until('online', 2);
});

afterEach(async () => {
  await site.readers.stop();
  await line.close();
});

describe('a line of the gateway that somebody looks at', () => {
  it('tells the readers with identity and counters', async () => {
    const [first] = await site.readers.watch.readers();
    expect(first).toMatchObject({ readerId: readerId(1), busId: 'bus_1', address: 1, isOnline: true, offlineCause: null, alarms: {} });
    expect(first?.identity?.vendor).toMatch(/^[0-9a-f]{6}$/);
    expect(first?.traffic.exchanges).toBeGreaterThan(0);
  });

  it('shows the frames of one reader, a card read as encrypted, and the doors go on', async () => {
    const { watch } = site.readers;
    expect((await watch.frames(readerId(1), 0))?.frames).toEqual([]);
    line.readers[0]?.presentCard(CARD, 26);
    await site.until('card_read', 1, 1);
    expect(await site.readers.pulseOutput(readerId(2), 0, 500)).toEqual({ ok: true });
    const seen = await watch.frames(readerId(1), 0);
    const card = seen?.frames.find(({ view }) => view.kind === 'frame' && view.name === 'RAW');
    expect(card?.view).toMatchObject({
      direction: 'reply',
      address: 1,
      answers: 'POLL',
      body: 'encrypted',
      block: 'SCS_18',
      mac: 'unverified',
      text: 'encrypted',
    });
    expect(seen?.frames.every(({ view }) => view.address === 1)).toBe(true);
    expect(JSON.stringify(seen)).not.toMatch(/deadbe40|de ad be 40/);
    expect((await watch.frames(readerId(2), 0))?.frames.some(({ view }) => view.kind === 'frame' && view.name === 'OUT')).toBe(true);
    expect((await watch.frames(readerId(1), seen?.lastSeq ?? 0))?.frames).toEqual([]);
    expect(await watch.frames(readerId(9), 0)).toBeNull();
  });
});
