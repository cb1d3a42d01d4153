import type { ReaderId } from '#gateway/domain/site/ids.ts';

/** The reader's timer counts in steps of 100 ms and may be a step late. */
const CONFIRM_AFTER_MS = 150;

/**
 * Asks a reader for its outputs (osdp_OSTAT) once a pulse should be over. OSDP does not oblige a reader to report by itself that its
 * timer ended, and a lock must not be shown as locked because a clock of ours says so.
 */
export class OutputConfirmations {
  readonly #ask: (readerId: ReaderId) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(ask: (readerId: ReaderId) => void) {
    this.#ask = ask;
  }

  /** A later pulse of the same output replaces the one that waits. */
  schedule(readerId: ReaderId, output: number, durationMs: number): void {
    const key = `${readerId}:${output}`;
    clearTimeout(this.#timers.get(key));
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.#ask(readerId);
    }, durationMs + CONFIRM_AFTER_MS);
    this.#timers.set(key, timer.unref());
  }

  cancelAll(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
