import { ALARM_REPEAT_MIN_MS } from './reader-limits.ts';

/** A burst is over when no read was dropped for this time. */
export const DROPS_OVER_AFTER_MS = 1_000;

/** Reads that were dropped since the report before, so that the counts of a burst add up to all of them. */
export interface DropReport {
  readonly count: number;
  /** The last report of this burst. */
  readonly isOver: boolean;
}

/**
 * Counts the reads that one reader's limit dropped. A burst is reported when it begins, while it goes on, and when it is over: two
 * reports a second at most, which is less than the decisions about the reads that still pass. Times are monotonic milliseconds.
 */
export class DroppedReads {
  #count = 0;
  #droppedMs = 0;
  /** Null between bursts. */
  #reportedMs: number | null = null;

  /** Counts one read; the report that is due with it, if any. */
  add(nowMs: number): DropReport | null {
    this.#count += 1;
    this.#droppedMs = nowMs;
    if (this.#reportedMs !== null && nowMs - this.#reportedMs < ALARM_REPEAT_MIN_MS) return null;
    this.#reportedMs = nowMs;
    return this.#take(false);
  }

  /** How long until the burst may be over; null between bursts. */
  remainingMs(nowMs: number): number | null {
    return this.#reportedMs === null ? null : Math.max(0, this.#droppedMs + DROPS_OVER_AFTER_MS - nowMs);
  }

  /** Ends the burst, whatever time has passed; null between bursts. */
  end(): DropReport | null {
    if (this.#reportedMs === null) return null;
    this.#reportedMs = null;
    return this.#take(true);
  }

  #take(isOver: boolean): DropReport {
    const count = this.#count;
    this.#count = 0;
    return { count, isOver };
  }
}
