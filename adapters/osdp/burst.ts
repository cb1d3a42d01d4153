/** What goes on for long is said again with its count, and not more often. */
export const BURST_REPEAT_MS = 10 * 60_000;

/** How often it showed since the report before, so that the counts of a burst add up to all of them. */
export interface BurstReport {
  readonly count: number;
  /** The last report of this burst. */
  readonly isOver: boolean;
}

/**
 * Counts a condition of one reader each time that it shows. A burst is reported when it begins, while it goes on (once in BURST_REPEAT_MS), and
 * when the condition has not shown for `overAfterMs`. Times are monotonic milliseconds.
 */
export class Burst {
  readonly #overAfterMs: number;
  #count = 0;
  #lastMs = 0;
  /** Null between bursts. */
  #reportedMs: number | null = null;

  constructor(overAfterMs: number) {
    this.#overAfterMs = overAfterMs;
  }

  /** Counts one; the report that is due with it, if any. */
  add(nowMs: number): BurstReport | null {
    this.#count += 1;
    this.#lastMs = nowMs;
    if (this.#reportedMs !== null && nowMs - this.#reportedMs < BURST_REPEAT_MS) return null;
    this.#reportedMs = nowMs;
    return this.#take(false);
  }

  /** How long until the burst may be over; null between bursts. */
  remainingMs(nowMs: number): number | null {
    return this.#reportedMs === null ? null : Math.max(0, this.#lastMs + this.#overAfterMs - nowMs);
  }

  /** Ends the burst, whatever time has passed; null between bursts. */
  end(): BurstReport | null {
    if (this.#reportedMs === null) return null;
    this.#reportedMs = null;
    return this.#take(true);
  }

  #take(isOver: boolean): BurstReport {
    const count = this.#count;
    this.#count = 0;
    return { count, isOver };
  }
}
