import { setTimeout as delay } from 'node:timers/promises';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import { SCBK_LENGTH } from '../secure-channel/session-keys.ts';

/** A key store that does not answer is a key store without the key. */
export const KEY_TIMEOUT_MS = 5_000;

/** Two keys while nobody knows which of them the reader has: the new one was sent and not yet seen to work. */
export interface ReaderKeys {
  readonly current: Uint8Array;
  readonly next: Uint8Array | null;
  /** The reader has no key of its own yet: it is tried with what follows from these master keys and its cUID. */
  readonly isMaster?: boolean;
  /** Keys that the reader may have as well and that are not tried now: no other reader is given one of them. */
  readonly former?: readonly Uint8Array[];
  /** Called once, when the bus has its own copies or wants none: a store that gave copies zeroes them here. */
  readonly forget?: () => void;
}

/**
 * Gives a reader's SCBK (16 bytes, 32 for secure channel 2), both while it is being changed, null when it has none, or `shared` when another reader has it
 * too. Asked at every handshake.
 * What it returns stays the key store's, which is told by `forget` when it is of no more use; the bus zeroes its own copy as soon as the session keys
 * are derived.
 */
export type KeyOf = (readerId: ReaderId) => StoredKeys | Promise<StoredKeys>;
export type StoredKeys = Uint8Array | ReaderKeys | 'shared' | null;

export type FetchedKey =
  | { readonly ok: true; readonly scbk: Uint8Array; readonly next: Uint8Array | null; readonly isMaster: boolean }
  | { readonly ok: false; readonly reason: 'none' | 'shared' | 'length' | 'failed' | 'timeout' };

/** Never throws: without a key of the right length the reader stays off line. */
export async function fetchKey(keyOf: KeyOf, readerId: ReaderId, scbkLength = SCBK_LENGTH): Promise<FetchedKey> {
  const abort = new AbortController();
  const timeout = delay(KEY_TIMEOUT_MS, 'timeout' as const, { signal: abort.signal, ref: false }).catch(() => 'timeout' as const);
  try {
    const asked = Promise.resolve(keyOf(readerId));
    const key = await Promise.race([asked, timeout]);
    if (key === 'timeout') {
      asked.then(release, () => undefined); // Too late to be used: it is the store's own error by now.
      return { ok: false, reason: 'timeout' };
    }
    if (key === null) return { ok: false, reason: 'none' };
    if (key === 'shared') return { ok: false, reason: 'shared' };
    const copy = copyKeys(toKeys(key), scbkLength);
    release(key);
    return copy;
  } catch {
    // The key store's own error is the key store's to log: it may carry key material.
    return { ok: false, reason: 'failed' };
  } finally {
    abort.abort();
  }
}

function copyKeys({ current, next, isMaster = false }: ReaderKeys, scbkLength: number): FetchedKey {
  const isSized = current.length === scbkLength && (next === null || next.length === scbkLength);
  return isSized
    ? { ok: true, scbk: new Uint8Array(current), next: next && new Uint8Array(next), isMaster }
    : { ok: false, reason: 'length' };
}

function release(stored: StoredKeys): void {
  if (stored !== null && stored !== 'shared' && !(stored instanceof Uint8Array)) stored.forget?.();
}

export function toKeys(stored: Uint8Array | ReaderKeys): ReaderKeys {
  return stored instanceof Uint8Array ? { current: stored, next: null } : stored;
}
