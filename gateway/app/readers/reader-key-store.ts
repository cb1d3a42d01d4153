import { candidateKeys, type ReaderKeyState } from '../../domain/readers/reader-keys.ts';
import type { ReaderId } from '../../domain/site/ids.ts';
import type { SecretStore } from '../../ports/secret-store.ts';
import { decodeKeyRecord, encodeKeyRecord } from './key-record.ts';

/** Names the secret that holds a reader's keys: a bare secure channel base key (SCBK), or the record of `key-record.ts`. */
export const readerKeyName = (readerId: string): string => `reader/${readerId}/scbk`;

/** The keys of readers, one durable change of a reader after the other. */
export interface ReaderKeyStore {
  /** Copies that the caller owns and forgets; null when the reader has none. @throws secret.unavailable */
  read(readerId: ReaderId): Promise<ReaderKeyState | null>;
  /**
   * What `change` returns is durable when this resolves, and is the caller's to forget; null leaves everything as it is. `change` gets copies, and may
   * use them in its result. @throws secret.unavailable, and what the store throws: then nothing is changed.
   */
  update(readerId: ReaderId, change: (state: ReaderKeyState | null) => ReaderKeyState | null): Promise<ReaderKeyState | null>;
}

export function createReaderKeyStore(secrets: SecretStore): ReaderKeyStore {
  const tails = new Map<ReaderId, Promise<unknown>>();

  async function read(readerId: ReaderId): Promise<ReaderKeyState | null> {
    const record = await secrets.read(readerKeyName(readerId));
    if (record === null) return null;
    try {
      return decodeKeyRecord(record);
    } finally {
      record.fill(0);
    }
  }

  async function write(readerId: ReaderId, state: ReaderKeyState): Promise<void> {
    const record = encodeKeyRecord(state);
    try {
      await secrets.write(readerKeyName(readerId), record);
    } finally {
      record.fill(0);
    }
  }

  return {
    read,
    update(readerId, change) {
      const before = tails.get(readerId) ?? Promise.resolve();
      const done = before.then(async () => {
        const state = await read(readerId);
        let changed: ReaderKeyState | null = null;
        try {
          const wanted = change(state);
          if (wanted !== null && wanted !== state) await write(readerId, wanted);
          changed = wanted;
          return changed;
        } finally {
          const kept = new Set(changed === null ? [] : candidateKeys(changed));
          for (const key of state === null ? [] : candidateKeys(state)) if (!kept.has(key)) key.fill(0);
        }
      });
      // The next change comes after this one, however it ended.
      const tail = done.catch(() => undefined);
      tails.set(readerId, tail);
      return done;
    },
  };
}

export function forgetKeyState(state: ReaderKeyState | null): void {
  if (state !== null) for (const key of candidateKeys(state)) key.fill(0);
}
