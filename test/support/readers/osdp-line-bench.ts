import { monitorEventLoopDelay } from 'node:perf_hooks';
import { monotonicMs } from '#adapters/osdp/simulator/monotonic-ms.ts';
import { type TimedLine, type TimedLineOptions, createTimedLine } from '#adapters/osdp/simulator/timed-line.ts';
import { percentile, round } from '../bench/bench-report.ts';
import { type BenchController, type ControllerEvents, scbkOf } from './osdp-controllers.ts';

/**
 * From the last bit of a command to the first of its reply. The bars of the design were measured with 2.84 ms for a poll at 115200, of which 2.6 ms are
 * bytes; here the two idle characters come on top, so that 2.88 ms is the shortest.
 */
export const TURNAROUND_MS = 0.1;
const QUIET_MS = 3_000;
const LAST_CARD_MS = 3_000;
/** A reader may show five cards a second; two cards never follow a pattern of the polls. */
const CARD_PAUSE_MIN_MS = 230;
const CARD_PAUSE_SPREAD_MS = 120;
/** The order reaches the line's process before its time. */
const CARD_AHEAD_MS = 20;

export const pause = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

export const LINES = { '9600': 9_600, '115200': 115_200, tcp: Number.POSITIVE_INFINITY } as const;
export type LineName = keyof typeof LINES;

export function lineOptions(name: LineName, readerCount: number): TimedLineOptions {
  return {
    baud: LINES[name],
    turnaroundMs: name === 'tcp' ? 0 : TURNAROUND_MS,
    readers: Array.from({ length: readerCount }, (_, address) => ({ address, scbk: scbkOf(address) })),
  };
}

/** Collects what happens to cards: shown -> read, ordered -> relay moved, shown -> relay moved. */
export class CardTimes implements ControllerEvents {
  readonly cardMs: number[] = [];
  readonly unlockMs: number[] = [];
  readonly badgeToRelayMs: number[] = [];
  readonly #shown = new Map<number, number>();
  readonly #ordered = new Map<number, number>();

  attach(line: TimedLine): void {
    line.onReport((report) => {
      if (report.kind === 'card') this.#shown.set(report.reader, report.atMs);
      if (report.kind !== 'output' || !report.active) return;
      const ordered = this.#ordered.get(report.reader);
      const shown = this.#shown.get(report.reader);
      this.#ordered.delete(report.reader);
      if (ordered !== undefined) this.unlockMs.push(report.atMs - ordered);
      if (ordered !== undefined && shown !== undefined) this.badgeToRelayMs.push(report.atMs - shown);
    });
  }

  onCard(reader: number, atMs: number): void {
    const shown = this.#shown.get(reader);
    if (shown !== undefined) this.cardMs.push(atMs - shown);
  }

  onUnlockOrdered(reader: number, atMs: number): void {
    this.#ordered.set(reader, atMs);
  }
}

/** One card after another at readers in turn, at times that have nothing to do with the polls. */
export async function showCards(line: TimedLine, readers: readonly number[], cards: number): Promise<void> {
  for (let count = 0; count < cards; count += 1) {
    const reader = readers[Math.floor(Math.random() * readers.length)] ?? 0;
    line.order({
      kind: 'card',
      reader,
      bits: Uint8Array.of(count >> 8, count, reader, 0),
      bitCount: 26,
      atMs: monotonicMs() + CARD_AHEAD_MS,
    });
    await pause(CARD_PAUSE_MIN_MS + Math.random() * CARD_PAUSE_SPREAD_MS);
  }
  await pause(LAST_CARD_MS);
}

const LOOP_LOOK_MS = 1;

/** Of the percentiles of the event loop's delay, in nanoseconds, the share that is more than a look too late. */
function lateShare(percentileNs: (share: number) => number): number {
  for (let share = 99; share > 0; share -= 1) if (percentileNs(share) / 1e6 <= 2 * LOOP_LOOK_MS) return (100 - share) / 100;
  return 1;
}

export interface LineRow {
  readonly line: 'serial' | 'tcp';
  readonly baud: number | null;
  readonly readers: number;
  readonly polls_per_s: number;
  readonly card_p50_ms: number;
  readonly card_p99_ms: number;
  readonly unlock_p50_ms: number;
  readonly unlock_p99_ms: number;
  readonly cpu_share: number;
  /** How late this process's event loop was while cards were shown, and the share of looks that were more than a millisecond late. */
  readonly loop_late_p99_ms: number;
  readonly loop_late_share: number;
}

/** Polls and processor time of a quiet line, then cards. Null when the controller is not there. */
export async function measureLine(
  name: LineName,
  readerCount: number,
  options: {
    readonly cards: number;
    readonly start: (line: TimedLine, readers: number, events: ControllerEvents) => Promise<BenchController | null>;
  },
): Promise<LineRow | null> {
  const line = await createTimedLine(lineOptions(name, readerCount));
  const times = new CardTimes();
  times.attach(line);
  const controller = await options.start(line, readerCount, times);
  try {
    if (controller === null) return null;
    await controller.ready();
    await pause(500);
    const before = { atMs: monotonicMs(), cpuMs: await controller.cpuMs(), commands: (await line.counters()).commands };
    await pause(QUIET_MS);
    const after = { atMs: monotonicMs(), cpuMs: await controller.cpuMs(), commands: (await line.counters()).commands };
    const readers = Array.from({ length: readerCount }, (_, reader) => reader);
    const delay = monitorEventLoopDelay({ resolution: LOOP_LOOK_MS });
    delay.enable();
    await showCards(line, readers, options.cards);
    delay.disable();
    const tookMs = after.atMs - before.atMs;
    return {
      line: name === 'tcp' ? 'tcp' : 'serial',
      baud: name === 'tcp' ? null : LINES[name],
      readers: readerCount,
      polls_per_s: round(((after.commands - before.commands) * 1_000) / tookMs),
      card_p50_ms: round(percentile(times.cardMs, 0.5), 2),
      card_p99_ms: round(percentile(times.cardMs, 0.99), 2),
      unlock_p50_ms: round(percentile(times.unlockMs, 0.5), 2),
      unlock_p99_ms: round(percentile(times.unlockMs, 0.99), 2),
      cpu_share: round((after.cpuMs - before.cpuMs) / tookMs, 3),
      loop_late_p99_ms: round(delay.percentile(99) / 1e6 - LOOP_LOOK_MS, 2),
      loop_late_share: lateShare((share) => delay.percentile(share)),
    };
  } finally {
    await controller?.stop();
    await line.close();
  }
}
