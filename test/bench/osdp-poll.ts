import { performance } from 'node:perf_hooks';
import { createOsdpReaders } from '#adapters/osdp/reader-adapter.ts';
import { createSimulatedLine } from '#adapters/osdp/simulator/simulated-line.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';

/**
 * One line of simulated readers on loopback TCP, in this process: card shown -> `card_read`, card shown -> relay moved, and polls a second.
 * Run with `node test/bench/osdp-poll.ts`; prints one JSON object.
 */
const CARDS_OF_ONE_READER = 60;
/** Below the adapter's limit of cards a second, and never in step with the poll slot. */
const CARD_PAUSE_MIN_MS = 210;
const CARD_PAUSE_SPREAD_MS = 50;
const BACK_TO_BACK_MS = 3_000;

interface Row {
  readonly readers: number;
  readonly pollIntervalMs: number;
  readonly pollsPerSecond: number;
  readonly card: Percentiles | null;
  readonly unlock: Percentiles | null;
}

interface Percentiles {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

function percentiles(samples: readonly number[]): Percentiles {
  const sorted = [...samples].sort((left, right) => left - right);
  const at = (share: number): number => Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(2));
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}

const pause = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

async function measure(readers: number, pollIntervalMs: number, showsCards: boolean): Promise<Row> {
  const scbkOf = (address: number): Uint8Array => Uint8Array.from({ length: 16 }, (_, index) => (index * 31 + address + 3) & 0xff);
  const addresses = Array.from({ length: readers }, (_, address) => address);
  const line = await createSimulatedLine({
    host: '127.0.0.1',
    port: 0,
    readers: addresses.map((address) => ({ address, scbk: scbkOf(address) })),
  });
  const idOf = (address: number): ReaderId => `reader_${address}` as ReaderId;
  const site = createOsdpReaders({
    buses: [
      {
        id: 'bus',
        link: { kind: 'tcp', host: line.host, port: line.port },
        pollIntervalMs,
        readers: addresses.map((address) => ({ readerId: idOf(address), address })),
      },
    ],
    keyOf: (id) => scbkOf(Number(id.slice('reader_'.length))),
    clock: { nowMs: () => Date.now(), monotonicUs: () => performance.now() * 1_000 },
  });
  const shownMs = new Map<ReaderId, number>();
  const cardMs: number[] = [];
  const unlockMs: number[] = [];
  let online = 0;
  site.subscribe((event) => {
    if (event.kind === 'online') online += 1;
    if (event.kind !== 'card_read') return;
    cardMs.push(performance.now() - (shownMs.get(event.readerId) ?? NaN));
    void site.pulseOutput(event.readerId, 0, 100);
  });
  line.readers.forEach((pd, address) => {
    pd.onOutput(({ active, atMs }) => {
      if (active) unlockMs.push(atMs - (shownMs.get(idOf(address)) ?? NaN));
    });
  });
  await site.start();
  while (online < readers) await pause(5);
  const framesOf = (): number => site.counters()['bus']?.frames ?? 0;
  const [fromMs, fromFrames] = [performance.now(), framesOf()];
  if (showsCards) {
    await Promise.all(
      line.readers.map(async (pd, address) => {
        for (let count = 0; count < CARDS_OF_ONE_READER; count += 1) {
          await pause(CARD_PAUSE_MIN_MS + Math.random() * CARD_PAUSE_SPREAD_MS);
          shownMs.set(idOf(address), performance.now());
          pd.presentCard(Uint8Array.of(count, address, 0, 0), 26);
        }
      }),
    );
    await pause(500);
  } else {
    await pause(BACK_TO_BACK_MS);
  }
  const pollsPerSecond = Math.round((framesOf() - fromFrames) / ((performance.now() - fromMs) / 1_000));
  await site.stop();
  await line.close();
  return {
    readers,
    pollIntervalMs,
    pollsPerSecond,
    card: showsCards ? percentiles(cardMs) : null,
    unlock: showsCards ? percentiles(unlockMs) : null,
  };
}

const rows: Row[] = [];
for (const readers of [1, 8]) {
  rows.push(await measure(readers, 25, true), await measure(readers, 0, false), await measure(readers, 0, true));
}
console.log(JSON.stringify({ rows }, null, 2));
