import { createHmac, randomBytes } from 'node:crypto';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import { type KeyOf, type ReaderKeys, type StoredKeys, toKeys } from './bus/bus-key.ts';

export interface DistinctKeysOptions {
  /** A copy that the caller owns, for these and no other readers. */
  readonly keyOf: KeyOf;
  readonly readerIds: readonly ReaderId[];
  /** Told once for each key that a reader shares, not at every attempt. */
  readonly onShared: (readerId: ReaderId, otherId: ReaderId) => void;
}

/** Of one reader: the key that it is given, and every one that it may have. */
interface Digests {
  readonly given: string;
  readonly all: ReadonlySet<string>;
}

/**
 * A key that two readers have proves neither: whoever opens one of them is the other too. Both are refused until one has opened a channel with a key of its
 * own, which is noticed at the next handshake of the other; a new key that is only on its way changes nothing. What is remembered of keys is a digest under a
 * key of this process.
 */
export function createDistinctKeys({ keyOf, readerIds, onShared }: DistinctKeysOptions): KeyOf {
  const digestKey = randomBytes(32);
  const digests = new Map<ReaderId, Digests>();
  const told = new Map<ReaderId, string>();
  const digestOf = (key: Uint8Array): string => createHmac('sha256', digestKey).update(key).digest('hex');

  /** The first key decides: the second one is a fresh key of this reader's, and becomes the first one when it works. */
  const remember = (readerId: ReaderId, stored: StoredKeys): Digests | null => {
    const keys = toOwnKeys(stored);
    const found = keys === null ? null : { given: digestOf(keys.current), all: new Set(allOf(keys).map(digestOf)) };
    if (found === null) digests.delete(readerId);
    else digests.set(readerId, found);
    return found;
  };
  const readAgain = async (readerId: ReaderId): Promise<Digests | null> => {
    const key = await keyOf(readerId);
    const found = remember(readerId, key);
    forget(key);
    return found;
  };
  // A key that cannot be opened keeps its own reader off line and says nothing about the others.
  const tryReadAgain = (readerId: ReaderId): Promise<Digests | null> => readAgain(readerId).catch(() => null);
  let loading: Promise<unknown> | null = null;

  /** The digests are of an earlier moment: the other reader may have its own key by now. */
  const findSharer = async (readerId: ReaderId, { given }: Digests): Promise<ReaderId | null> => {
    for (const other of readerIds) {
      if (other === readerId || digests.get(other)?.all.has(given) !== true) continue;
      if ((await tryReadAgain(other))?.all.has(given) === true) return other;
    }
    return null;
  };

  return async (readerId) => {
    await (loading ??= Promise.all(readerIds.map(tryReadAgain)));
    const key = await keyOf(readerId);
    const found = remember(readerId, key);
    if (key === null) return null;
    if (found === null) return key;
    const other = await findSharer(readerId, found);
    if (other === null) {
      told.delete(readerId);
      return key;
    }
    forget(key);
    if (told.get(readerId) !== found.given) onShared(readerId, other);
    told.set(readerId, found.given);
    return 'shared';
  };
}

/** What follows from a master key is another key for each reader. */
function toOwnKeys(stored: StoredKeys): ReaderKeys | null {
  if (stored === null || stored === 'shared') return null;
  const keys = toKeys(stored);
  return keys.isMaster === true ? null : keys;
}

function allOf({ current, next, former = [] }: ReaderKeys): readonly Uint8Array[] {
  return [current, ...(next === null ? [] : [next]), ...former];
}

function forget(stored: StoredKeys): void {
  if (stored === null || stored === 'shared') return;
  for (const key of allOf(toKeys(stored))) key.fill(0);
}
