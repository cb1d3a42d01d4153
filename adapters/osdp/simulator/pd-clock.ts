import { performance } from 'node:perf_hooks';

/** Time of a simulated reader: the machine's, or one that a test moves. */
export interface PdClock {
  /** Monotonic. */
  nowMs(): number;
  /** Returns the function that cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

export const SYSTEM_PD_CLOCK: PdClock = {
  nowMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
