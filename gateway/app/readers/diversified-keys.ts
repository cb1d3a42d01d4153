import { timingSafeEqual } from 'node:crypto';
import { newestMasterKey, promoteMasterKey, stageMasterKey, type MasterKeyState } from '../../domain/readers/master-key.ts';
import type { ReaderId, SiteId } from '../../domain/site/ids.ts';
import { READER_KEY_LENGTHS, type Installation } from '../../domain/site/site.ts';
import type { Random } from '../../ports/random.ts';
import { forgetMasterKeys, type MasterKeyStore } from './master-key-store.ts';
import { forgetKeyState, type ReaderKeyStore } from './reader-key-store.ts';

export interface DiversifiedKeysDeps {
  readonly installation: Pick<Installation, 'sites' | 'doors' | 'readers'>;
  readonly masters: MasterKeyStore;
  readonly store: ReaderKeyStore;
  readonly random: Random;
  /** Master key and cUID to a reader's key, which is the caller's. */
  readonly diversify: (masterKey: Uint8Array, clientId: Uint8Array) => Uint8Array;
}

export interface DerivedKey {
  readonly key: Uint8Array;
  readonly generation: number;
}

/**
 * Readers of sites whose keys follow from a master key. Unique random keys are the better ones, since each falls alone: this is for readers that are keyed
 * by a maker's tool. Secure channel 2 has no such keys.
 */
export class DiversifiedKeys {
  readonly #deps: DiversifiedKeysDeps;
  readonly #siteOf: ReadonlyMap<ReaderId, SiteId>;

  constructor(deps: DiversifiedKeysDeps) {
    this.#deps = deps;
    const { sites, doors, readers } = deps.installation;
    const diversified = new Set(sites.filter(({ readerKeys }) => readerKeys === 'diversified').map(({ id }) => id));
    const siteOfDoor = new Map(doors.map(({ id, siteId }) => [id, siteId]));
    this.#siteOf = new Map(
      readers.flatMap(({ id, doorId, secureChannel }) => {
        const siteId = siteOfDoor.get(doorId);
        return siteId !== undefined && diversified.has(siteId) && secureChannel !== 2 ? [[id, siteId] as const] : [];
      }),
    );
  }

  has(readerId: ReaderId): boolean {
    return this.#siteOf.has(readerId);
  }

  /** What a reader that has no stored key may have its key from: the caller's, who forgets it. Null when it can have none. @throws secret.unavailable */
  async mastersOf(readerId: ReaderId): Promise<MasterKeyState | null> {
    const siteId = this.#siteOf.get(readerId);
    return siteId === undefined ? null : this.#deps.masters.read(siteId);
  }

  /** The key that this reader should have now; a site without a master key is given one. Null for a reader with a key of its own. */
  async newKey(readerId: ReaderId, clientId: Uint8Array): Promise<DerivedKey | null> {
    const siteId = this.#siteOf.get(readerId);
    if (siteId === undefined) return null;
    const state = await this.#ensure(siteId);
    try {
      const { key, generation } = newestMasterKey(state);
      return { key: this.#deps.diversify(key, clientId), generation };
    } finally {
      forgetMasterKeys(state);
    }
  }

  /** The key of a channel that was opened with this very master key. Null when the site has others by now. */
  async keyFrom(readerId: ReaderId, masterKey: Uint8Array, clientId: Uint8Array): Promise<DerivedKey | null> {
    const state = await this.mastersOf(readerId);
    try {
      if (state === null) return null;
      const isNext = state.next !== null && isSame(state.next, masterKey);
      if (!isNext && !isSame(state.current, masterKey)) return null;
      return { key: this.#deps.diversify(masterKey, clientId), generation: state.generation + (isNext ? 1 : 0) };
    } finally {
      forgetMasterKeys(state);
    }
  }

  /** Of those sites whose readers are all among these: a new master key, if none is staged. Before any reader is told to change. */
  async stageFor(readerIds: readonly ReaderId[]): Promise<void> {
    for (const siteId of new Set(this.#siteOf.values())) {
      if (!this.#readersOf(siteId).every((readerId) => readerIds.includes(readerId))) continue;
      forgetMasterKeys(await this.#ensure(siteId));
      const fresh = this.#deps.random.bytes(READER_KEY_LENGTHS[1]);
      const state = await this.#deps.masters.update(siteId, (before) =>
        before === null ? null : stageMasterKey(before, Uint8Array.from(fresh)),
      );
      forgetMasterKeys(state);
      fresh.fill(0);
    }
  }

  /** The old master key goes when this was the last reader whose key followed from it. */
  async promoteFor(readerId: ReaderId): Promise<void> {
    const siteId = this.#siteOf.get(readerId);
    if (siteId === undefined) return;
    const readers = await Promise.all(
      this.#readersOf(siteId).map(async (id) => {
        const state = await this.#deps.store.read(id).catch(() => null);
        forgetKeyState(state);
        if (state === null || state.isVoid) return null;
        return { masterGeneration: state.masterGeneration, isSettled: state.next === null && state.former.length === 0 };
      }),
    );
    const after = await this.#deps.masters.update(siteId, (before) => (before === null ? null : promoteMasterKey(before, readers)));
    forgetMasterKeys(after);
  }

  /** After a crash between the last reader's confirmation and its effect here. */
  async resume(): Promise<void> {
    for (const siteId of new Set(this.#siteOf.values())) {
      const readerId = this.#readersOf(siteId)[0];
      if (readerId !== undefined) await this.promoteFor(readerId);
    }
  }

  #readersOf(siteId: SiteId): readonly ReaderId[] {
    return [...this.#siteOf].flatMap(([readerId, of]) => (of === siteId ? [readerId] : []));
  }

  async #ensure(siteId: SiteId): Promise<MasterKeyState> {
    const fresh = this.#deps.random.bytes(READER_KEY_LENGTHS[1]);
    const state = await this.#deps.masters.update(
      siteId,
      (before) => before ?? { current: Uint8Array.from(fresh), generation: 1, next: null },
    );
    fresh.fill(0);
    if (state === null) throw new TypeError('a master key was made');
    return state;
  }
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
