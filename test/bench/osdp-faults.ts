import { loadavg } from 'node:os';
import { NO_FAULTS } from '#adapters/osdp/simulator/line-faults.ts';
import { monotonicMs } from '#adapters/osdp/simulator/monotonic-ms.ts';
import { createTimedLine } from '#adapters/osdp/simulator/timed-line.ts';
import { option } from '#test/support/readers/osdp-bench-options.ts';
import { addressOf, startGatehouse } from '#test/support/readers/osdp-controllers.ts';
import { CardTimes, lineOptions, pause } from '#test/support/readers/osdp-line-bench.ts';
import { percentile, report, round } from '#test/support/bench/bench-report.ts';

/*
 * Eight readers at 115200 with 1 % of the replies corrupted, 1 % dropped, 1 % duplicated and 5 % behind noise, for ten minutes (`--minutes N`): how many
 * went off line. On a clean line: reboot -> on line in a secure channel, and what one dead reader costs the seven others of their polls.
 */
const READERS = 8;
const FAULTS = { ...NO_FAULTS, corrupted01: 0.01, dropped01: 0.01, duplicated01: 0.01, noisy01: 0.05 };
const REBOOT_ROUNDS = 2;
/** A reader that was on line for so long has earned an immediate restart (STABLE_AFTER_MS). */
const STABLE_MS = 11_000;
const MEASURE_MS = 10_000;
const SETTLE_MS = 5_000;
const minutes = Number(option('minutes') ?? 10);

async function countLost(): Promise<{ readers_lost: number; polls_per_s: number; alarms: number }> {
  const line = await createTimedLine(lineOptions('115200', READERS));
  const controller = await startGatehouse(line, READERS, new CardTimes());
  let lost = 0;
  let alarms = 0;
  try {
    await controller.ready();
    controller.readers.subscribe(({ kind }) => {
      if (kind === 'offline') lost += 1;
      if (kind === 'alarm') alarms += 1;
    });
    line.order({ kind: 'faults', faults: FAULTS });
    const before = (await line.counters()).commands;
    await pause(minutes * 60_000);
    const commands = (await line.counters()).commands - before;
    return { readers_lost: lost, polls_per_s: round(commands / (minutes * 60)), alarms };
  } finally {
    await controller.stop();
    await line.close();
  }
}

/** From the moment the reader loses its memory to its being on line again; the polls of the others go on. */
async function measureReboots(): Promise<readonly number[]> {
  const line = await createTimedLine(lineOptions('115200', READERS));
  const controller = await startGatehouse(line, READERS, new CardTimes());
  const tookMs: number[] = [];
  try {
    await controller.ready();
    for (let count = 0; count < REBOOT_ROUNDS * READERS; count += 1) {
      if (count % READERS === 0) await pause(STABLE_MS);
      const atMs = monotonicMs() + 50 + Math.random() * 50;
      const reader = count % READERS;
      tookMs.push(
        await new Promise<number>((resolve) => {
          const end = controller.readers.subscribe((event) => {
            if (event.kind !== 'online' || addressOf(event.readerId) !== reader) return;
            end();
            resolve(monotonicMs() - atMs);
          });
          line.order({ kind: 'reboot', reader, atMs });
        }),
      );
      await pause(300);
    }
  } finally {
    await controller.stop();
    await line.close();
  }
  return tookMs;
}

/** The share of their polls that seven readers lose when the eighth is dead, against a line of seven. */
async function measureDeadReader(): Promise<number> {
  const rateOf = async (readers: number, dead: number | null): Promise<number> => {
    const line = await createTimedLine(lineOptions('115200', readers));
    const controller = await startGatehouse(line, readers, new CardTimes());
    try {
      await controller.ready();
      if (dead !== null) line.order({ kind: 'silent', reader: dead, isSilent: true });
      await pause(SETTLE_MS);
      const before = { replies: (await line.counters()).replies, atMs: monotonicMs() };
      await pause(MEASURE_MS);
      return ((await line.counters()).replies - before.replies) / (monotonicMs() - before.atMs);
    } finally {
      await controller.stop();
      await line.close();
    }
  };
  const alone = await rateOf(READERS - 1, null);
  const withDead = await rateOf(READERS, READERS - 1);
  return round(1 - withDead / alone, 3);
}

const reboots = await measureReboots();
const deadReaderCost = await measureDeadReader();
const { readers_lost, polls_per_s, alarms } = await countLost();
report({
  readers_lost,
  reboot_to_secure_ms: round(percentile(reboots, 0.5)),
  dead_reader_cost: deadReaderCost,
  reboot_to_secure_max_ms: round(Math.max(...reboots)),
  minutes,
  polls_per_s_with_faults: polls_per_s,
  alarms,
  load_average: loadavg().map((load) => round(load)),
});
