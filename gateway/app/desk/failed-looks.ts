import type { PersonId } from '../../domain/site/ids.ts';

/** Wrong faces of one person's sign-ins after which no camera is asked for a while (SP 800-63B-4 3.2.3: limited attempts, then another way). */
export const FAILED_LOOKS_MAX = 5;
export const FAILED_LOOKS_WINDOW_MS = 900_000;
/** People that are counted; the one whose count is oldest gives way. */
export const FAILED_LOOKS_PEOPLE_MAX = 10_000;

/** Counted in memory: it starts anew with the process. */
export class FailedLooks {
  readonly #counts = new Map<PersonId, { readonly count: number; readonly firstAtMs: number }>();

  isOver(personId: PersonId, nowMs: number): boolean {
    return this.#of(personId, nowMs).count >= FAILED_LOOKS_MAX;
  }

  failed(personId: PersonId, nowMs: number): void {
    const { count, firstAtMs } = this.#of(personId, nowMs);
    this.#counts.delete(personId);
    this.#counts.set(personId, { count: count + 1, firstAtMs });
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > FAILED_LOOKS_PEOPLE_MAX && oldest !== undefined) this.#counts.delete(oldest);
  }

  verified(personId: PersonId): void {
    this.#counts.delete(personId);
  }

  #of(personId: PersonId, nowMs: number): { readonly count: number; readonly firstAtMs: number } {
    const kept = this.#counts.get(personId);
    return kept === undefined || nowMs - kept.firstAtMs > FAILED_LOOKS_WINDOW_MS ? { count: 0, firstAtMs: nowMs } : kept;
  }
}
