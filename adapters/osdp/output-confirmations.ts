import type { ReaderId } from '#gateway/domain/site/ids.ts';
import { type After, systemAfter } from './after.ts';

/** The reader's timer counts in steps of 100 ms and may be a step late. */
export const CONFIRM_AFTER_MS = 150;

interface Confirmation {
  readonly cancel: () => void;
  /** The reader has said by itself that the output is on. */
  wasOn: boolean;
}

/**
 * Asks a reader for its outputs (osdp_OSTAT) once a pulse should be over. OSDP does not oblige a reader to report by itself that its
 * timer ended, and a lock must not be shown as locked because a clock of ours says so. A reader that has reported the pulse, on and off, is not
 * asked: the question would take the line from a card.
 */
export class OutputConfirmations {
  readonly #ask: (readerId: ReaderId) => void;
  readonly #after: After;
  readonly #waiting = new Map<ReaderId, Map<number, Confirmation>>();

  constructor(ask: (readerId: ReaderId) => void, after: After = systemAfter) {
    this.#ask = ask;
    this.#after = after;
  }

  /** A later pulse of the same output replaces the one that waits. */
  schedule(readerId: ReaderId, output: number, durationMs: number): void {
    const outputs = this.#waiting.get(readerId) ?? new Map<number, Confirmation>();
    this.#waiting.set(readerId, outputs);
    outputs.get(output)?.cancel();
    const cancel = this.#after(durationMs + CONFIRM_AFTER_MS, () => {
      outputs.delete(output);
      this.#ask(readerId);
    });
    outputs.set(output, { cancel, wasOn: false });
  }

  /** The reader has told the states of its outputs. One that was off before it was on is a pulse from before. */
  reported(readerId: ReaderId, active: readonly boolean[]): void {
    this.#waiting.get(readerId)?.forEach((confirmation, output, outputs) => {
      if (active[output] === true) confirmation.wasOn = true;
      else if (confirmation.wasOn && active[output] === false) {
        confirmation.cancel();
        outputs.delete(output);
      }
    });
  }

  cancelAll(): void {
    for (const outputs of this.#waiting.values()) for (const { cancel } of outputs.values()) cancel();
    this.#waiting.clear();
  }
}
