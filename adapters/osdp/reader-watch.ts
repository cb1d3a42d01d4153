import type { LineCounterKind } from '#gateway/domain/readers/line-counter-text.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { LineCounts, LineStatus, ReaderStatus, ReaderWatch } from '#gateway/ports/reader-watch.ts';
import type { ReaderEvent } from '#gateway/ports/readers.ts';
import type { BusCounters } from './bus/bus.ts';
import { type ReaderCounters, ReaderMetrics } from './bus/reader-metrics.ts';
import { LineWatch, type TappableLine } from './line-watch.ts';

/** What a watch needs of a bus. */
export interface WatchedBus extends TappableLine {
  readonly readerCounters: ReadonlyMap<ReaderId, ReaderCounters>;
  readonly counters: BusCounters;
  inspect(readerId: ReaderId): { readonly address: number } | null;
}

export interface WatchedLine {
  readonly id: string;
  readonly bus: WatchedBus;
  readonly discarded: ReadonlyMap<LineCounterKind, number>;
  readonly discardedOf: ReadonlyMap<ReaderId, ReadonlyMap<LineCounterKind, number>>;
  readonly readers: readonly { readonly readerId: ReaderId; readonly address: number }[];
}

interface Heard {
  isOnline: boolean;
  sinceMs: number | null;
  offlineCause: ReaderStatus['offlineCause'];
  identity: ReaderStatus['identity'];
  condition: ReaderStatus['condition'];
  readonly alarms: Map<string, number>;
}

const NO_TRAFFIC: ReaderCounters = new ReaderMetrics().counters;

/** Keeps what readers last said, and watches their lines on demand. */
export class OsdpReaderWatch implements ReaderWatch {
  readonly #lines: readonly WatchedLine[];
  readonly #heard = new Map<ReaderId, Heard>();
  readonly #watch = new LineWatch();

  constructor(lines: readonly WatchedLine[]) {
    this.#lines = lines;
  }

  onEvent(event: ReaderEvent): void {
    const heard = this.#heardOf(event.readerId);
    if (event.kind === 'online')
      Object.assign(heard, { isOnline: true, sinceMs: event.occurredAtMs, offlineCause: null, identity: event.identity, condition: null });
    if (event.kind === 'offline')
      Object.assign(heard, { isOnline: false, sinceMs: event.occurredAtMs, offlineCause: event.cause, condition: null });
    if (event.kind === 'local_status') heard.condition = { tampered: event.tampered, powerFailed: event.powerFailed };
    // The end of one is no second one.
    if (event.kind === 'alarm' && event.dropped?.isOver !== true) heard.alarms.set(event.code, (heard.alarms.get(event.code) ?? 0) + 1);
  }

  async readers(): Promise<readonly ReaderStatus[]> {
    return this.#lines.flatMap(({ id, bus, readers }) => {
      const traffic = bus.readerCounters;
      return readers.map(({ readerId, address }) => {
        const { alarms, ...heard } = this.#heardOf(readerId);
        return {
          readerId,
          busId: id,
          address: bus.inspect(readerId)?.address ?? address,
          ...heard,
          traffic: traffic.get(readerId) ?? NO_TRAFFIC,
          alarms: Object.fromEntries(alarms),
        };
      });
    });
  }

  async lines(): Promise<readonly LineStatus[]> {
    return this.#lines.map(({ id, bus, discarded, discardedOf, readers }) => {
      const { counters } = bus;
      return {
        busId: id,
        sentFrames: counters.exchanges,
        receivedFrames: counters.frames,
        counts: { ...countsOf(counters), ...Object.fromEntries(discarded) },
        readers: readers.map(({ readerId }) => ({ readerId, counts: Object.fromEntries(discardedOf.get(readerId) ?? []) })),
      };
    });
  }

  async frames(readerId: ReaderId, afterSeq: number): ReturnType<ReaderWatch['frames']> {
    const line = this.#lines.find(({ readers }) => readers.some((reader) => reader.readerId === readerId));
    if (line === undefined) return null;
    const address = line.bus.inspect(readerId)?.address ?? line.readers.find((reader) => reader.readerId === readerId)?.address;
    return address === undefined ? null : this.#watch.frames(line.bus, address, afterSeq);
  }

  stop(): void {
    this.#watch.stop();
  }

  #heardOf(readerId: ReaderId): Heard {
    const known = this.#heard.get(readerId);
    if (known !== undefined) return known;
    const heard: Heard = { isOnline: false, sinceMs: null, offlineCause: null, identity: null, condition: null, alarms: new Map() };
    this.#heard.set(readerId, heard);
    return heard;
  }
}

function countsOf(counters: BusCounters): LineCounts {
  const { noiseBytes, badCheck, badLength, malformed, checksumRefused, overdue, foreign, overheard, recycled } = counters;
  const all: LineCounts = {
    noise_bytes: noiseBytes,
    bad_check: badCheck,
    bad_length: badLength,
    malformed_frame: malformed,
    checksum_refused: checksumRefused,
    overdue,
    foreign,
    overheard,
    recycled,
  };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}
