import { afterEach, describe, expect, it } from 'vitest';
import { NO_FAULTS } from '#adapters/osdp/simulator/line-faults.ts';
import { monotonicMs } from '#adapters/osdp/simulator/monotonic-ms.ts';
import { type TimedLine, createTimedLine } from '#adapters/osdp/simulator/timed-line.ts';
import { CARD, OsdpSite, pause, readerId, scbkOf } from './osdp-site.ts';

let line: TimedLine;
let site: OsdpSite;

afterEach(async () => {
  await site.readers.stop();
  await line.close();
});

async function build(readers: number): Promise<void> {
  line = await createTimedLine({
    baud: 115_200,
    turnaroundMs: 1,
    readers: Array.from({ length: readers }, (_, address) => ({ address, scbk: scbkOf(address) })),
  });
  site = new OsdpSite(
    { kind: 'tcp', host: line.host, port: line.port },
    Array.from({ length: readers }, (_, address) => address),
    0,
  );
  await site.readers.start();
  await site.until('online', readers);
}

describe('a line in a process of its own', () => {
  it('carries cards and unlocks, never faster than its wire', async () => {
    await build(4);
    const before = { commands: (await line.counters()).commands, atMs: monotonicMs() };
    await pause(1_000);
    const polls = (await line.counters()).commands - before.commands;
    // 30 bytes, two idle characters and the turnaround.
    expect(polls / (monotonicMs() - before.atMs)).toBeLessThan(1 / 3.78);
    line.order({ kind: 'card', reader: 2, bits: CARD, bitCount: 26, atMs: monotonicMs() });
    await site.until('card_read');
    expect(site.of('card_read')).toMatchObject([{ readerId: readerId(2), bits: CARD, bitCount: 26 }]);
    expect(await site.readers.pulseOutput(readerId(2), 0, 200)).toEqual({ ok: true });
  });

  it('loses no reader to faults, and has one back that lost its memory', async () => {
    await build(4);
    line.order({ kind: 'faults', faults: { ...NO_FAULTS, corrupted01: 0.02, dropped01: 0.02, duplicated01: 0.02, noisy01: 0.05 } });
    await pause(3_000);
    expect(site.of('offline')).toEqual([]);
    line.order({ kind: 'faults', faults: NO_FAULTS });
    line.order({ kind: 'reboot', reader: 1, atMs: monotonicMs() });
    expect(await site.until('online', 2, 1)).toBeLessThan(1_500);
    expect(site.alarms()).toEqual([]);
  });
});
