import { MISMATCH_WINDOW_MS, type Looks } from '../../domain/face/mismatches.ts';
import type { PersonId } from '../../domain/site/ids.ts';

/** People who are counted at once; the one who was seen longest ago gives way. */
export const LOOKED_AT_MAX = 10_000;

/** What went wrong of people's looks of late, in memory. */
export class LooksByPerson {
  readonly #looks = new Map<PersonId, Looks>();

  /** Those of the last MISMATCH_WINDOW_MS, oldest first. */
  of(personId: PersonId, nowMs: number): Looks {
    return (this.#looks.get(personId) ?? []).filter(({ atMs }) => nowMs - atMs < MISMATCH_WINDOW_MS);
  }

  /** In place of what was there; with none the person is forgotten. */
  keep(personId: PersonId, looks: Looks): void {
    this.#looks.delete(personId);
    if (looks.length > 0) this.#looks.set(personId, looks);
    const [longest] = this.#looks.keys();
    if (this.#looks.size > LOOKED_AT_MAX && longest !== undefined) this.#looks.delete(longest);
  }
}
