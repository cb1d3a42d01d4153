export interface Clock {
  /** Wall clock, epoch ms. */
  nowMs(): number;
  /** Monotonic, microseconds since an arbitrary start; for durations. */
  monotonicUs(): number;
}
