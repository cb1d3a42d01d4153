import type { FaceAttestation } from './attestation.ts';

/** Looks that showed somebody else, within MISMATCH_WINDOW_MS, at which a person is restricted. */
export const MISMATCHES_MAX = 3;
/** Looks that showed nobody alive: people fail at what they are asked to do more often than they have another face (NIST SP 800-63B: five). */
export const NOT_ALIVE_MAX = 5;
export const MISMATCH_WINDOW_MS = 900_000;
/** How long a restriction lasts that nobody lifts, ms. */
export const RESTRICTION_MS = 4 * 3_600_000;

/** Codes of the alarms in which looks that went wrong stand in the log, whoever looked. */
export const MISMATCH_ALARM = 'face.mismatch';
export const NOT_ALIVE_ALARM = 'face.not_alive';
export const RESTRICTED_ALARM = 'face.person_restricted';

export type LookFault = typeof MISMATCH_ALARM | typeof NOT_ALIVE_ALARM;

/**
 * What a look says against the person whose badge it was. Null: nothing. Whoever was not seen, or only badly, is not enrolled, or did not come
 * alone, has shown nobody else's face.
 */
export function lookFault(result: FaceAttestation['result']): LookFault | null {
  if (result === 'no_match' || result === 'identity_changed') return MISMATCH_ALARM;
  if (result === 'not_live' || result === 'frozen_picture' || result === 'challenge_failed') return NOT_ALIVE_ALARM;
  return null;
}

/** What went wrong of one person's looks, oldest first. */
export type Looks = readonly { readonly fault: LookFault; readonly atMs: number }[];

/** One more; `restricts` at the one that is too many, which then begins anew. A look that went well in between takes none away: it may have been the other one's. */
export function addLook(looks: Looks, look: Looks[number]): { readonly looks: Looks; readonly restricts: boolean } {
  const recent = [...looks.filter(({ atMs }) => look.atMs - atMs < MISMATCH_WINDOW_MS), look];
  const count = (fault: LookFault): number => recent.filter((one) => one.fault === fault).length;
  const restricts = count(MISMATCH_ALARM) >= MISMATCHES_MAX || count(NOT_ALIVE_ALARM) >= NOT_ALIVE_MAX;
  return { looks: restricts ? [] : recent, restricts };
}
