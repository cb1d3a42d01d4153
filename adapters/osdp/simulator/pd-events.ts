import type { Reply } from '../messages/replies.ts';

/** Events a simulated reader keeps until it is polled; the oldest is lost, as in real ones. */
export const PD_EVENTS_MAX = 32;

/** Replies that tell of something that happened: one that may not have arrived is told again. */
const EVENT_NAMES: ReadonlySet<Reply['name']> = new Set([
  'RAW',
  'FMT',
  'KEYPAD',
  'LSTATR',
  'ISTATR',
  'OSTATR',
  'RSTATR',
  'BIOREADR',
  'BIOMATCHR',
  'XRD',
  'MFGREP',
  'MFGSTATR',
] as const);

/** What a reader has to tell at the next polls. */
export class PdEvents {
  readonly #queue: Reply[] = [];
  #lost = 0;

  get pending(): number {
    return this.#queue.length;
  }

  /** Thrown away because nobody polled in time. */
  get lost(): number {
    return this.#lost;
  }

  tell(event: Reply): void {
    if (this.#queue.length >= PD_EVENTS_MAX) {
      this.#queue.shift();
      this.#lost += 1;
    }
    this.#queue.push(event);
  }

  next(): Reply | undefined {
    return this.#queue.shift();
  }

  /** Back to the front, for the reply was perhaps never heard. A status asked for is no event, but telling it again does no harm. */
  putBack(reply: Reply): void {
    if (!EVENT_NAMES.has(reply.name)) return;
    if (this.#queue.length >= PD_EVENTS_MAX) this.#lost += 1;
    else this.#queue.unshift(reply);
  }

  clear(): void {
    this.#queue.length = 0;
  }
}
