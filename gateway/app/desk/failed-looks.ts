import type { LookFault } from '../../domain/face/mismatches.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import { LooksByPerson } from '../face/looks-by-person.ts';

/**
 * Failed looks of one person's sign-ins, within MISMATCH_WINDOW_MS, after which no camera is asked for any more (SP 800-63B-4 3.2.3: limited
 * attempts, then another way). It says nothing against the person: that is the look watch, which counts doors and sign-ins in the log, restricts,
 * and forgives nothing for a look that went well in between.
 */
export const FAILED_LOOKS_MAX = 5;

/** Counted in memory: it starts anew with the process. */
export class FailedLooks {
  readonly #looks = new LooksByPerson();

  isOver(personId: PersonId, nowMs: number): boolean {
    return this.#looks.of(personId, nowMs).length >= FAILED_LOOKS_MAX;
  }

  failed(personId: PersonId, fault: LookFault, nowMs: number): void {
    // Of questions that were asked side by side more may be answered than it takes.
    this.#looks.keep(personId, [...this.#looks.of(personId, nowMs), { fault, atMs: nowMs }].slice(-FAILED_LOOKS_MAX));
  }

  verified(personId: PersonId): void {
    this.#looks.keep(personId, []);
  }
}
