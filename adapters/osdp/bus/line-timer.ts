import type { BusClock } from './bus-clock.ts';

/** The one timer of a line. One that fires too early finds nothing to do and is set anew, which is rarer than a turn. */
export class LineTimer {
  readonly #clock: BusClock;
  readonly #wake: () => void;
  #atMs = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | null = null;

  constructor(clock: BusClock, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  sleepUntil(wakeMs: number): void {
    if (wakeMs >= this.#atMs || wakeMs === Number.POSITIVE_INFINITY) return;
    this.#cancel?.();
    this.#atMs = wakeMs;
    this.#cancel = this.#clock.schedule(Math.max(wakeMs - this.#clock.nowMs(), 0), () => {
      this.#atMs = Number.POSITIVE_INFINITY;
      this.#wake();
    });
  }

  stop(): void {
    this.#cancel?.();
  }
}
