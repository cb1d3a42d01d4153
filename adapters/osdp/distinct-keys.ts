import { createHmac, randomBytes } from 'node:crypto';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import { type KeyOf, type StoredKeys, toKeys } from './bus/bus-key.ts';

export interface DistinctKeysOptions {
  /** A copy that the caller owns, for these and no other readers. */
  readonly keyOf: KeyOf;
  readonly readerIds: readonly ReaderId[];
  /** Told once for each key that a reader shares, not at every attempt. */
  readonly onShared: (readerId: ReaderId, otherId: ReaderId) => void;
}

/**
 * A key that two readers have proves neither: whoever opens one of them is the other too. Both are refused until one has a key of its own,
 * which is noticed at its next handshake. What is remembered of keys is a digest under a key of this process.
 */
export function createDistinctKeys({ keyOf, readerIds, onShared }: DistinctKeysOptions): KeyOf {
  const digestKey = randomBytes(32);
  const digests = new Map<ReaderId, string>();
  const told = new Map<ReaderId, string>();

  /** The first key decides: the second one is a fresh key of this reader's, and becomes the first one when it works. */
  const remember = (readerId: ReaderId, stored: StoredKeys): string | null => {
    // What follows from a master key is another key for each reader.
    const key = stored === null || toKeys(stored).isMaster === true ? null : toKeys(stored).current;
    const digest = key === null ? null : createHmac('sha256', digestKey).update(key).digest('hex');
    if (digest === null) digests.delete(readerId);
    else digests.set(readerId, digest);
    return digest;
  };
  const readAgain = async (readerId: ReaderId): Promise<string | null> => {
    const key = await keyOf(readerId);
    const digest = remember(readerId, key);
    forget(key);
    return digest;
  };
  // A key that cannot be opened keeps its own reader off line and says nothing about the others.
  const tryReadAgain = (readerId: ReaderId): Promise<string | null> => readAgain(readerId).catch(() => null);
  let loading: Promise<unknown> | null = null;

  /** The digest is of an earlier moment: the other reader may have its own key by now. */
  const findSharer = async (readerId: ReaderId, digest: string): Promise<ReaderId | null> => {
    for (const other of readerIds) {
      if (other !== readerId && digests.get(other) === digest && (await tryReadAgain(other)) === digest) return other;
    }
    return null;
  };

  return async (readerId) => {
    await (loading ??= Promise.all(readerIds.map(tryReadAgain)));
    const key = await keyOf(readerId);
    const digest = remember(readerId, key);
    if (key === null) return null;
    if (digest === null) return key;
    const other = await findSharer(readerId, digest);
    if (other === null) {
      told.delete(readerId);
      return key;
    }
    forget(key);
    if (told.get(readerId) !== digest) onShared(readerId, other);
    told.set(readerId, digest);
    return null;
  };
}

function forget(stored: StoredKeys): void {
  if (stored === null) return;
  const { current, next } = toKeys(stored);
  current.fill(0);
  next?.fill(0);
}
