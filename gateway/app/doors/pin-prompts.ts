import type { DecisionId, ReaderId } from '../../domain/site/ids.ts';
import type { CardRead } from './badge-read.ts';
import { PinCollector } from './pin-collector.ts';

/** A badge that waits for its PIN. */
export interface PinPrompt {
  readonly read: CardRead;
  /** The permit that holds only with the PIN. */
  readonly decisionId: DecisionId;
  /** It may be given in place of a face. */
  readonly isInstead?: true;
}

export interface PinPromptsDeps {
  readonly monotonicMs: () => number;
  /** The PIN as it was entered, which the receiver zeroes; null = it did not come in time. */
  readonly onEnded: (prompt: PinPrompt, digits: Uint8Array | null) => void;
  /** Somebody badged before the PIN was complete. */
  readonly onAbandoned: (prompt: PinPrompt) => void;
}

interface Open {
  readonly prompt: PinPrompt;
  readonly collector: PinCollector;
  readonly deadlineMs: number;
}

/** Badges that wait for a PIN, one at each reader at most. Keys that nobody asked for are dropped unseen. */
export class PinPrompts {
  readonly #deps: PinPromptsDeps;
  readonly #open = new Map<ReaderId, Open>();

  constructor(deps: PinPromptsDeps) {
    this.#deps = deps;
  }

  open(prompt: PinPrompt, withinMs: number): void {
    this.abandon(prompt.read.reader.id);
    this.#open.set(prompt.read.reader.id, {
      prompt,
      collector: new PinCollector(),
      deadlineMs: this.#deps.monotonicMs() + withinMs,
    });
  }

  /** A new card starts over: digits of one person never meet the badge of another. */
  abandon(readerId: ReaderId): void {
    const open = this.#take(readerId);
    if (open !== null) this.#deps.onAbandoned(open.prompt);
  }

  /** The person has that long from now on; what was pressed stays. */
  extend(readerId: ReaderId, withinMs: number): void {
    const open = this.#open.get(readerId);
    if (open !== undefined) this.#open.set(readerId, { ...open, deadlineMs: this.#deps.monotonicMs() + withinMs });
  }

  /** It is not wanted any more; nobody is told. */
  close(readerId: ReaderId): void {
    this.#take(readerId);
  }

  press(readerId: ReaderId, keys: string): void {
    const open = this.#open.get(readerId);
    if (open === undefined || this.#isLate(open)) return;
    const digits = open.collector.press(keys);
    if (digits === null) return;
    this.#take(readerId);
    this.#deps.onEnded(open.prompt, digits);
  }

  tick(): void {
    for (const [readerId, open] of this.#open) {
      if (!this.#isLate(open)) continue;
      this.#take(readerId);
      this.#deps.onEnded(open.prompt, null);
    }
  }

  #isLate({ deadlineMs }: Open): boolean {
    return this.#deps.monotonicMs() >= deadlineMs;
  }

  #take(readerId: ReaderId): Open | null {
    const open = this.#open.get(readerId) ?? null;
    open?.collector.forget();
    this.#open.delete(readerId);
    return open;
  }
}
