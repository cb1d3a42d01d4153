import type { DeskLook, DeskSession, FaceAlternative } from '../domain/desk/desk-session.ts';
import type { DeskDeviceId, PersonId } from '../domain/site/ids.ts';

export interface SessionOfPerson {
  readonly sessionUid: string;
  readonly personId: PersonId;
  readonly expiresAtMs: number;
}

/** What sign-in sessions have from computers. A session that another person has begun anew has nothing of the one before. */
export interface DeskSessionStore {
  /** Null when there is nothing, or it expired. */
  find(sessionUid: string, nowMs: number): Promise<DeskSession | null>;
  /** Those that the computer answered in last, and that have not expired. */
  ofDevice(deviceId: DeskDeviceId, nowMs: number): Promise<readonly DeskSession[]>;
  /** Binds the computer and what it saw in place of what was there; a `look` of null leaves the one before, if the same computer had it. */
  bind(session: SessionOfPerson, answer: { readonly deviceId: DeskDeviceId; readonly look: DeskLook | null }): Promise<void>;
  /** Keeps what was given in place of a face. */
  giveAlternative(session: SessionOfPerson, alternative: FaceAlternative): Promise<void>;
  /** Removes expired ones, at most `limit`; returns how many. */
  sweep(nowMs: number, limit: number): Promise<number>;
}
