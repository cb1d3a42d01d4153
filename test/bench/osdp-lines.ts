import { availableParallelism, loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { monotonicMs } from '#adapters/osdp/simulator/monotonic-ms.ts';
import { option, table } from '#test/support/readers/osdp-bench-options.ts';
import { startGatehouse } from '#test/support/readers/osdp-controllers.ts';
import { CardTimes, lineOptions, pause, showCards } from '#test/support/readers/osdp-line-bench.ts';
import { percentile, round } from '#test/support/bench/bench-report.ts';
import { type TimedLine, createTimedLine } from '#adapters/osdp/simulator/timed-line.ts';

/*
 * Several lines at 115200 with eight readers each, in one event loop and with a worker for each line: how long a card takes, and what share of
 * its time the busiest loop works. Each line is a process of its own, so that more lines than cores wait for one another: the share is what
 * can be read there. `--lines 1,2,4,8`, `--cards N` each line.
 */
const READERS = 8;
const cards = Number(option('cards') ?? 40);
const lineCounts = (option('lines') ?? '1,2,4,8').split(',').map(Number);

interface Measured {
  readonly cardMs: readonly number[];
  readonly loopShare: number;
  readonly pollsPerS: number;
}

/** All lines in this loop. */
async function measure(count: number, shown: number): Promise<Measured> {
  const lines: TimedLine[] = [];
  const times: CardTimes[] = [];
  for (let index = 0; index < count; index += 1) lines.push(await createTimedLine(lineOptions('115200', READERS)));
  const controllers = await Promise.all(
    lines.map((line) => {
      const time = new CardTimes();
      time.attach(line);
      times.push(time);
      return startGatehouse(line, READERS, time);
    }),
  );
  try {
    await Promise.all(controllers.map((controller) => controller.ready()));
    const commands = async (): Promise<number> =>
      (await Promise.all(lines.map((line) => line.counters()))).reduce((sum, counters) => sum + counters.commands, 0);
    const before = { commands: await commands(), atMs: monotonicMs(), loop: performance.eventLoopUtilization() };
    const readers = Array.from({ length: READERS }, (_, reader) => reader);
    await Promise.all(lines.map((line) => showCards(line, readers, shown)));
    const { utilization } = performance.eventLoopUtilization(before.loop);
    const pollsPerS = (((await commands()) - before.commands) * 1_000) / (monotonicMs() - before.atMs);
    return { cardMs: times.flatMap(({ cardMs }) => cardMs), loopShare: utilization, pollsPerS };
  } finally {
    await Promise.all(controllers.map((controller) => controller.stop()));
    await Promise.all(lines.map((line) => line.close()));
    await pause(200);
  }
}

function measureInWorker(): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { cards } });
    worker.once('message', (measured) => resolve(measured as Measured)); // from this file, below
    worker.once('error', reject);
  });
}

function toRow(lines: number, loops: 'one' | 'a worker each', measured: readonly Measured[]) {
  const cardMs = measured.flatMap((one) => one.cardMs);
  return {
    lines,
    loops,
    polls_per_s: round(measured.reduce((sum, { pollsPerS }) => sum + pollsPerS, 0)),
    card_p50_ms: round(percentile(cardMs, 0.5), 1),
    card_p99_ms: round(percentile(cardMs, 0.99), 1),
    busiest_loop_share: round(Math.max(...measured.map(({ loopShare }) => loopShare)), 3),
  };
}

if (isMainThread) {
  const rows = [];
  for (const lines of lineCounts) {
    rows.push(toRow(lines, 'one', [await measure(lines, cards)]));
    const workers = Array.from({ length: lines }, measureInWorker);
    rows.push(toRow(lines, 'a worker each', await Promise.all(workers)));
  }
  const conditions = { cores: availableParallelism(), load_average: loadavg().map((load) => round(load)) };
  if (process.argv.includes('--json')) console.log(JSON.stringify({ rows, ...conditions }));
  else console.log(`${JSON.stringify(conditions)}\n${table(rows)}`);
} else {
  const { cards: shown } = workerData as { readonly cards: number }; // from measureInWorker
  parentPort?.postMessage(await measure(1, shown));
}
