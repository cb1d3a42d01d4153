import { loadavg } from 'node:os';
import { createTimedLine, type Manners } from '#adapters/osdp/simulator/timed-line.ts';
import { CARDS, option } from '#test/support/readers/osdp-bench-options.ts';
import { startGatehouse } from '#test/support/readers/osdp-controllers.ts';
import { CardTimes, lineOptions, pause, showCards } from '#test/support/readers/osdp-line-bench.ts';
import { percentile, report, round } from '#test/support/bench/bench-report.ts';

/*
 * 32 readers at 115200, of which one is dead, one babbles (20 random bytes 5 times a second over whatever the line carries, and garbage for
 * answers) and one takes 80 ms for each answer: badge -> relay moved at the 29 healthy ones, against the same line in health. `--cards N`.
 */
const READERS = 32;
const [DEAD, BABBLING, SLOW] = [29, 30, 31];
const HEALTHY = Array.from({ length: DEAD }, (_, reader) => reader);
const BABBLE: Manners = { babble: { everyMs: 200, lengthBytes: 20 } };
const SLOW_MANNERS: Manners = { turnaroundMs: 80 };
const SETTLE_MS = 5_000;
const cards = Number(option('cards') ?? CARDS);

const overdue: number[] = [];

async function badgeToRelayMs(isHostile: boolean): Promise<readonly number[]> {
  const line = await createTimedLine(lineOptions('115200', READERS));
  const times = new CardTimes();
  times.attach(line);
  const controller = await startGatehouse(line, READERS, times);
  try {
    await controller.ready();
    if (isHostile) {
      line.order({ kind: 'silent', reader: DEAD, isSilent: true });
      line.order({ kind: 'manners', reader: BABBLING, manners: BABBLE });
      line.order({ kind: 'manners', reader: SLOW, manners: SLOW_MANNERS });
      await pause(SETTLE_MS);
    }
    await showCards(line, HEALTHY, cards);
    overdue.push(controller.readers.counters()['bus']?.overdue ?? 0);
    return times.badgeToRelayMs;
  } finally {
    await controller.stop();
    await line.close();
  }
}

const baseline = await badgeToRelayMs(false);
const hostile = await badgeToRelayMs(true);
report({
  healthy_p99_ms: round(percentile(hostile, 0.99)),
  baseline_p99_ms: round(percentile(baseline, 0.99)),
  healthy_p50_ms: round(percentile(hostile, 0.5)),
  baseline_p50_ms: round(percentile(baseline, 0.5)),
  cards,
  opened: hostile.length,
  overdue,
  load_average: loadavg().map((load) => round(load)),
});
