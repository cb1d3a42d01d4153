import type { Person } from '../people/person.ts';

/**
 * An account that a directory has closed, or whose employment is over, may be opened again; a face is kept for it no longer than this, ms: 30
 * days (GDPR Art. 5 (1) e). Whoever has departed, or is removed, is not waited for.
 */
export const CLOSED_FACE_LIFE_MS = 30 * 86_400_000;

/** `expired`: past its own time, whoever it is of. */
export type ForgetCause = 'departed' | 'suspended' | 'employment_ended' | 'expired';

/** Why this person's face is not to be kept any more. Null = it may be. `suspendedSinceMs` null: not suspended, or nobody knows since when. */
export function whyForget(
  person: Pick<Person, 'standing' | 'employmentEndMs'> | null,
  { nowMs, suspendedSinceMs }: { readonly nowMs: number; readonly suspendedSinceMs: number | null },
): ForgetCause | null {
  if (person === null || person.standing === 'departed') return 'departed';
  const isOver = (sinceMs: number | null): boolean => sinceMs !== null && nowMs - sinceMs >= CLOSED_FACE_LIFE_MS;
  if (person.standing === 'suspended' && isOver(suspendedSinceMs)) return 'suspended';
  return isOver(person.employmentEndMs) ? 'employment_ended' : null;
}
