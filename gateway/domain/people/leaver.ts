import type { Person } from './person.ts';

/**
 * An account that a directory has closed, or whose employment is over, may be opened again: what a person had is kept for it this long, ms: 30
 * days. Whoever has departed, or is removed, is not waited for.
 */
export const CLOSED_ACCOUNT_LIFE_MS = 30 * 86_400_000;

export type LeaveCause = 'departed' | 'suspended' | 'employment_ended';

/** Why this person counts as one who has left. Null = they do not. `suspendedSinceMs` null: not suspended, or nobody knows since when. */
export function whyLeft(
  person: Pick<Person, 'standing' | 'employmentEndMs'> | null,
  { nowMs, suspendedSinceMs }: { readonly nowMs: number; readonly suspendedSinceMs: number | null },
): LeaveCause | null {
  if (person === null || person.standing === 'departed') return 'departed';
  const isOver = (sinceMs: number | null): boolean => sinceMs !== null && nowMs - sinceMs >= CLOSED_ACCOUNT_LIFE_MS;
  if (person.standing === 'suspended' && isOver(suspendedSinceMs)) return 'suspended';
  return isOver(person.employmentEndMs) ? 'employment_ended' : null;
}
