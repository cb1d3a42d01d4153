/** Looks that showed somebody else, within MISMATCH_WINDOW_MS, at which a person is restricted. */
export const MISMATCHES_MAX = 3;
/** Looks that showed nobody alive: people fail at what they are asked to do more often than they have another face (NIST SP 800-63B: five). */
export const NOT_ALIVE_MAX = 5;
export const MISMATCH_WINDOW_MS = 900_000;
/** How long a restriction lasts that nobody lifts, ms. */
export const RESTRICTION_MS = 4 * 3_600_000;
/** The alarm that begins and ends with it. */
export const RESTRICTED_ALARM = 'face.person_restricted';

export type LookFault = 'mismatch' | 'not_alive';

/** Where a look was; with its result it is the cause in the log, `door:no_match`. */
export type LookPlace = 'door' | 'login';
const CAUSE = /^(?:door|login):([a-z_]+)$/;
const FAULTS: Readonly<Record<string, LookFault>> = {
  no_match: 'mismatch',
  identity_changed: 'mismatch',
  not_live: 'not_alive',
  frozen_picture: 'not_alive',
  challenge_failed: 'not_alive',
};

/**
 * What a look says against the person whose badge or login it was. Null: nothing. Whoever was not seen, or only badly, is not enrolled, or did
 * not come alone, has shown nobody else's face.
 */
export function lookFault(result: string): LookFault | null {
  return Object.hasOwn(FAULTS, result) ? (FAULTS[result] ?? null) : null;
}

/** Whether a look compared a face with somebody. A camera that saw nobody, or too little, proves nothing either way. */
export const isConclusive = (result: string): boolean => result === 'verified' || lookFault(result) !== null;

export const lookCause = (place: LookPlace, result: string): string => `${place}:${result}`;

/** The fault that a cause in the log tells of. */
export function faultOfCause(cause: string): LookFault | null {
  const [, result = ''] = CAUSE.exec(cause) ?? [];
  return lookFault(result);
}

/** What went wrong of one person's looks, oldest first. */
export type Looks = readonly { readonly fault: LookFault; readonly atMs: number }[];

/**
 * One more; `restricts` at the one that is too many, and counts anew from there. A look that went well in between takes none away: it was the
 * owner's, and the others were not.
 */
export function addLook(looks: Looks, look: Looks[number]): { readonly looks: Looks; readonly restricts: boolean } {
  const recent = [...looks.filter(({ atMs }) => look.atMs - atMs < MISMATCH_WINDOW_MS), look];
  const count = (fault: LookFault): number => recent.filter((one) => one.fault === fault).length;
  const restricts = count('mismatch') >= MISMATCHES_MAX || count('not_alive') >= NOT_ALIVE_MAX;
  return { looks: restricts ? [] : recent, restricts };
}
