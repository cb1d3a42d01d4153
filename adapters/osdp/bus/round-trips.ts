/** Buckets per doubling: a percentile is right to a tenth. */
const STEPS_PER_OCTAVE = 8;
const SHORTEST_MS = 0.05;
/** From 0.05 ms to more than 6 s; whatever is longer counts as the longest. */
export const ROUND_TRIP_BUCKETS = 17 * STEPS_PER_OCTAVE;

/** A distribution of times in 136 counters, whatever comes. */
export class RoundTrips {
  readonly #buckets = new Uint32Array(ROUND_TRIP_BUCKETS);
  #count = 0;
  maxMs = 0;

  add(durationMs: number): void {
    const step = Math.ceil(Math.log2(Math.max(durationMs, SHORTEST_MS) / SHORTEST_MS) * STEPS_PER_OCTAVE);
    const index = Math.min(step, ROUND_TRIP_BUCKETS - 1);
    this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
    this.#count += 1;
    this.maxMs = Math.max(this.maxMs, durationMs);
  }

  get count(): number {
    return this.#count;
  }

  /** The upper edge of the bucket in which the share of the samples is reached, never above the longest; 0 for none. `share01` is 0..1. */
  percentileMs(share01: number): number {
    const wanted = Math.ceil(share01 * this.#count);
    let seen = 0;
    for (let index = 0; index < ROUND_TRIP_BUCKETS; index += 1) {
      seen += this.#buckets[index] ?? 0;
      if (seen >= wanted && seen > 0) return Math.min(SHORTEST_MS * 2 ** (index / STEPS_PER_OCTAVE), this.maxMs);
    }
    return this.maxMs;
  }
}
