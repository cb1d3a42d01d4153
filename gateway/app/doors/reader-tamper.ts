import type { ReaderTamperFact } from '../../domain/access/input-facts.ts';
import type { ReaderId } from '../../domain/site/ids.ts';
import type { ReaderEvent } from '../../ports/readers.ts';

/** What each reader of this node last said of its tamper switch, as a fact of decisions. Nothing outlives the session in which it was said. */
export class ReaderTamper {
  readonly #tampered = new Map<ReaderId, boolean>();

  onEvent(event: ReaderEvent): void {
    // A reader is asked before its first card counts: `unknown` is one that does not answer that question.
    if (event.kind === 'online' || event.kind === 'offline') this.#tampered.delete(event.readerId);
    if (event.kind === 'local_status') this.#tampered.set(event.readerId, event.tampered);
  }

  of(readerId: ReaderId): Exclude<ReaderTamperFact, 'not_reported'> {
    const tampered = this.#tampered.get(readerId);
    if (tampered === undefined) return 'unknown';
    return tampered ? 'tampered' : 'clear';
  }
}
