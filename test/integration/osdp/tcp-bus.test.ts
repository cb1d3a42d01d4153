import { performance } from 'node:perf_hooks';
import { afterEach, describe, expect, it } from 'vitest';
import { CARD_READS_PER_SECOND_MAX } from '#adapters/osdp/reader-limits.ts';
import { PROBE_TIMEOUT_MS } from '#adapters/osdp/session/limits.ts';
import { type SimulatedLine, createSimulatedLine, createSimulatedReader } from '#adapters/osdp/simulator/simulated-line.ts';
import type { SimulatedPd } from '#adapters/osdp/simulator/simulated-pd.ts';
import { COLOUR } from '#adapters/osdp/messages/output-codecs.ts';
import { CARD, OsdpSite, pause, readerId, scbkOf } from './osdp-site.ts';

const open: (() => Promise<void>)[] = [];

async function build(addresses: readonly number[]): Promise<{ site: OsdpSite; line: SimulatedLine; pds: readonly SimulatedPd[] }> {
  const line = await createSimulatedLine({
    host: '127.0.0.1',
    port: 0,
    readers: addresses.map((address) => ({ address, scbk: scbkOf(address) })),
  });
  const site = new OsdpSite({ kind: 'tcp', host: line.host, port: line.port }, addresses);
  open.push(
    () => site.readers.stop(),
    () => line.close(),
  );
  await site.readers.start();
  await site.until('online', addresses.length);
  return { site, line, pds: line.readers };
}

function first(pds: readonly SimulatedPd[]): SimulatedPd {
  const [pd] = pds;
  if (pd === undefined) throw new TypeError('no reader');
  return pd;
}

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

describe('readers on a TCP line', () => {
  it('050-01-02: reads 26 and 37 bit cards and opens the door: the relay moves and falls back by itself', async () => {
    const { site, pds } = await build([3]);
    const pd = first(pds);
    pd.presentCard(CARD, 26);
    await site.until('card_read');
    pd.presentCard(Uint8Array.of(1, 2, 3, 4, 0x88), 37);
    await site.until('card_read', 2);
    expect(site.of('card_read')).toMatchObject([
      { readerId: readerId(3), bitCount: 26, bits: CARD },
      { bitCount: 37, bits: Uint8Array.of(1, 2, 3, 4, 0x88) },
    ]);
    const moves: boolean[] = [];
    pd.onOutput(({ active }) => moves.push(active));
    expect(await site.readers.pulseOutput(readerId(3), 0, 150)).toEqual({ ok: true });
    expect(moves).toEqual([true]);
    await site.untilTrue(() => site.of('outputs').length >= 3, 'the relay on and off');
    expect(site.of('outputs').slice(-2)).toMatchObject([{ active: [true, false] }, { active: [false, false] }]);
  });

  it('asks for the outputs when a pulse should be over, whether or not the reader reports by itself', async () => {
    const { site } = await build([3]);
    const before = site.of('outputs').length;
    await site.readers.pulseOutput(readerId(3), 0, 100);
    // The simulated reader reports on and off by itself; the third report is the answer to our question.
    await site.untilTrue(() => site.of('outputs').length >= before + 3, 'the answer to OSTAT');
    expect(site.of('outputs').at(-1)).toMatchObject({ active: [false, false] });
  });

  it('ends a pulse before its time', async () => {
    const { site, pds } = await build([3]);
    await site.readers.pulseOutput(readerId(3), 1, 6_553_500);
    expect(first(pds).outputs).toEqual([false, true]);
    expect(await site.readers.pulseOutput(readerId(3), 1, 0)).toEqual({ ok: true });
    expect(first(pds).outputs).toEqual([false, false]);
  });

  it('refuses times the wire cannot carry and outputs that are none', async () => {
    const { site } = await build([3]);
    await expect(site.readers.pulseOutput(readerId(3), 0, 99)).rejects.toThrow(TypeError);
    await expect(site.readers.pulseOutput(readerId(3), 0, 6_553_501)).rejects.toThrow(TypeError);
    await expect(site.readers.pulseOutput(readerId(3), -1, 100)).rejects.toThrow(TypeError);
    expect(await site.readers.pulseOutput(readerId(3), 9, 100)).toEqual({ ok: false, code: 'reader.unsupported' });
    expect(await site.readers.pulseOutput(readerId(77), 0, 100)).toEqual({ ok: false, code: 'reader.unknown' });
  });

  it('shows and sounds granted and denied differently, each only for a time', async () => {
    const { site, pds } = await build([3]);
    const pd = first(pds);
    const beeps: number[] = [];
    pd.onBuzzer(({ count }) => beeps.push(count));
    expect(await site.readers.indicate(readerId(3), 'granted')).toEqual({ ok: true });
    expect(pd.colour).toBe(COLOUR.green);
    expect(await site.readers.indicate(readerId(3), 'denied')).toEqual({ ok: true });
    expect(pd.colour).toBe(COLOUR.red);
    expect(beeps).toEqual([1, 3]);
    await pause(1_700);
    expect(pd.colour).toBe(COLOUR.black);
  });

  it('reports contacts, tamper and power', async () => {
    const { site, pds } = await build([3]);
    const pd = first(pds);
    pd.setInput(1, 'short');
    pd.setTampered(true);
    pd.setPowerFailed(true);
    await site.until('local_status', 3);
    expect(site.of('inputs').at(-1)).toMatchObject({ inputs: ['inactive', 'short'] });
    expect(site.of('local_status').at(-1)).toMatchObject({ tampered: true, powerFailed: true });
  });

  it('drops cards that come faster than hands, and says how many', async () => {
    const { site, pds } = await build([3]);
    for (let count = 0; count < CARD_READS_PER_SECOND_MAX + 6; count += 1) first(pds).presentCard(Uint8Array.of(count), 8);
    await site.until('alarm');
    await pause(200);
    expect(site.of('card_read')).toHaveLength(CARD_READS_PER_SECOND_MAX);
    await site.until('alarm', 2);
    expect(site.of('alarm')).toMatchObject([
      { code: 'osdp.card_rate_exceeded', dropped: { count: 1, isOver: false } },
      { code: 'osdp.card_rate_exceeded', dropped: { count: 5, isOver: true } },
    ]);
  });

  it('says how many cards it dropped before it stops', async () => {
    const { site, pds } = await build([3]);
    for (let count = 0; count < CARD_READS_PER_SECOND_MAX + 2; count += 1) first(pds).presentCard(Uint8Array.of(count), 8);
    await site.until('alarm');
    await pause(200);
    await site.readers.stop();
    expect(site.of('alarm')).toMatchObject([{ dropped: { count: 1, isOver: false } }, { dropped: { count: 1, isOver: true } }]);
  });

  it('has a rebooted reader back in less than a second, without the cards of the time between', async () => {
    const { site, pds } = await build([1, 2]);
    first(pds).reboot();
    first(pds).presentCard(CARD, 26);
    const tookMs = await site.until('online', 2, 1);
    expect(tookMs).toBeLessThan(1_000);
    first(pds).presentCard(Uint8Array.of(9), 8);
    await site.until('card_read');
    expect(site.of('card_read')).toMatchObject([{ bits: Uint8Array.of(9) }]);
    expect(site.alarms()).toEqual([]);
  });

  it('has every reader back within a second of the line coming back', async () => {
    const { site, line } = await build([1, 2, 3]);
    line.cut();
    await site.until('offline', 3);
    expect(site.of('offline').map((event) => (event.kind === 'offline' ? event.cause : ''))).toEqual([
      'link_down',
      'link_down',
      'link_down',
    ]);
    expect(await site.until('online', 6)).toBeLessThan(1_000);
  });

  it('says stopped at the end and answers commands with offline', async () => {
    const { site } = await build([1]);
    await site.readers.stop();
    expect(site.events.at(-1)).toMatchObject({ kind: 'offline', cause: 'stopped' });
    expect(await site.readers.pulseOutput(readerId(1), 0, 100)).toEqual({ ok: false, code: 'reader.offline' });
  });

  it('starts although nothing listens there, and finds the reader when it appears', async () => {
    const reader = await createSimulatedReader({ address: 1, scbk: scbkOf(1), host: '127.0.0.1', port: 0 });
    const { host, port } = reader;
    await reader.close();
    const site = new OsdpSite({ kind: 'tcp', host, port }, [1]);
    open.push(() => site.readers.stop());
    await site.readers.start();
    await site.until('offline');
    expect(site.of('offline')).toMatchObject([{ cause: 'link_down' }]);
    const again = await createSimulatedReader({ address: 1, scbk: scbkOf(1), host, port });
    open.push(() => again.close());
    expect(await site.until('online')).toBeLessThan(2_000);
  });
});

describe('a dead reader', () => {
  it('holds up its line no more than a twentieth of the time, leaves the others on line, and is back within a second', async () => {
    const { site, pds } = await build([1, 2, 3, 4]);
    first(pds).goSilent(true);
    await site.until('offline', 1, 1);
    await pause(2_000);
    const fromMs = performance.now();
    const overdueFrom = overdueOf(site);
    await pause(3_000);
    // Counted in probes: the share of time does not depend on how busy this machine is.
    const heldUpMs = (overdueOf(site) - overdueFrom) * PROBE_TIMEOUT_MS;
    expect(heldUpMs / (performance.now() - fromMs)).toBeLessThan(0.055);
    expect(site.of('offline')).toHaveLength(1);
    first(pds).goSilent(false);
    expect(await site.until('online', 2, 1)).toBeLessThan(1_000);
  });
});

function overdueOf(site: OsdpSite): number {
  return site.readers.counters()['bus_1']?.overdue ?? 0;
}
