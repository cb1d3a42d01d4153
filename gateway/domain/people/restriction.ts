import type { PersonId } from '../site/ids.ts';

/** Why a person is restricted, and until when. It ends by itself: nobody is shut out by what somebody else did with their badge. */
export interface Restriction {
  readonly personId: PersonId;
  /** Code of the alarm that says why. */
  readonly cause: string;
  readonly sinceMs: number;
  readonly untilMs: number;
}
