import type { CredentialId, PersonId, ReaderId } from '../site/ids.ts';
import type { CredentialStatus } from './person.ts';

export const PIN_LENGTH_MIN = 4;
export const PIN_LENGTH_MAX = 8;

/** Cost of one scrypt hash: N = `n` (a power of 2), block size, parallelism. */
export interface PinCost {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** What a person knows, for readers with keys. One a person. The digits themselves are nowhere. */
export interface Pin {
  readonly id: CredentialId;
  readonly personId: PersonId;
  readonly salt: Uint8Array;
  readonly cost: PinCost;
  readonly hash: Uint8Array;
  /** Of the PIN that is entered under duress, with the same salt and cost, so that one calculation compares both; null = none. */
  readonly duressHash: Uint8Array | null;
  readonly status: CredentialStatus;
  readonly changedAtMs: number;
}

/** Wrong PINs of one person within the window that begin a lock at the reader. */
export const PIN_WRONG_MAX = 3;
export const PIN_WINDOW_MS = 5 * 60_000;
const LOCK_MAX_MS = 60 * 60_000;
/** How long the first, second, … lock in a row lasts. Every one ends by itself: nobody is locked out for good, and never from the way out. */
export const PIN_LOCK_STEPS_MS = [5 * 60_000, 10 * 60_000, 20 * 60_000, 40 * 60_000, LOCK_MAX_MS] as const;
/** After a right PIN, or this long without a wrong one, locks begin short again. */
export const PIN_QUIET_MS = 24 * 60 * 60_000;

/** What one person got wrong at one reader. Epoch ms: it outlives a restart, which would otherwise give three attempts more. */
export interface PinAttempts {
  readonly personId: PersonId;
  readonly readerId: ReaderId;
  /** Within the window, oldest first; fewer than PIN_WRONG_MAX. */
  readonly wrongAtMs: readonly number[];
  /** Locks in a row. */
  readonly locks: number;
  /** 0 = never locked. */
  readonly lockedUntilMs: number;
}

export function noPinAttempts(personId: PersonId, readerId: ReaderId): PinAttempts {
  return { personId, readerId, wrongAtMs: [], locks: 0, lockedUntilMs: 0 };
}

/** A lock that would last longer than any was set before the clock was turned back: it counts as over. */
export function isPinLocked({ lockedUntilMs }: PinAttempts, nowMs: number): boolean {
  return nowMs < lockedUntilMs && lockedUntilMs - nowMs <= LOCK_MAX_MS;
}

/** Wrong PINs that are still allowed at this reader; 0 while it is locked. */
export function pinAttemptsLeft(attempts: PinAttempts, nowMs: number): number {
  return isPinLocked(attempts, nowMs) ? 0 : PIN_WRONG_MAX - recentlyWrong(attempts, nowMs).length;
}

/** After a wrong PIN. While it is locked nothing counts: the lock neither grows nor ends. */
export function afterWrongPin(attempts: PinAttempts, nowMs: number): PinAttempts {
  if (isPinLocked(attempts, nowMs)) return attempts;
  const wrongAtMs = [...recentlyWrong(attempts, nowMs), nowMs];
  if (wrongAtMs.length < PIN_WRONG_MAX) return { ...attempts, wrongAtMs };
  const locks = nowMs - attempts.lockedUntilMs >= PIN_QUIET_MS ? 0 : attempts.locks;
  const lockMs = PIN_LOCK_STEPS_MS[locks] ?? LOCK_MAX_MS;
  return { ...attempts, wrongAtMs: [], locks: Math.min(locks + 1, PIN_LOCK_STEPS_MS.length), lockedUntilMs: nowMs + lockMs };
}

function recentlyWrong({ wrongAtMs }: PinAttempts, nowMs: number): readonly number[] {
  return wrongAtMs.filter((atMs) => atMs <= nowMs && atMs > nowMs - PIN_WINDOW_MS);
}
