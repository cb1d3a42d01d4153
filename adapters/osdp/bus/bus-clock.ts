import { performance } from 'node:perf_hooks';

/** Time as a bus sees it, an argument so that a test can turn it. */
export interface BusClock {
  /** Monotonic milliseconds with fractions. */
  nowMs(): number;
  /** Runs once, after `delayMs` or a little later. Returns the function that prevents it. */
  schedule(delayMs: number, run: () => void): () => void;
}

/**
 * Of this process. An event loop that was held up runs its timers before it reads its sockets: the immediate lets a reply that is already here
 * be seen before anybody calls it overdue.
 */
export const systemBusClock: BusClock = {
  nowMs: () => performance.now(),
  schedule(delayMs, run) {
    let immediate: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => {
      immediate = setImmediate(run);
    }, delayMs);
    return () => {
      clearTimeout(timer);
      clearImmediate(immediate);
    };
  },
};
