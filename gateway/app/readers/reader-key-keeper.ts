import { createHmac, randomBytes } from 'node:crypto';
import { candidateKeys, confirmKey, derivedKey, keysOfTurn } from '../../domain/readers/reader-keys.ts';
import type { ReaderId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DiversifiedKeys } from './diversified-keys.ts';
import { forgetMasterKeys } from './master-key-store.ts';
import { forgetKeyState, type ReaderKeyStore } from './reader-key-store.ts';

/** How long each of several unsettled keys is tried before the next one has its turn, ms: a reader that answers makes a handshake each second. */
export const KEY_TURN_MS = 10_000;

/** Copies for one handshake; `forget` zeroes them. */
export interface GivenKeys {
  readonly current: Uint8Array;
  readonly next: Uint8Array | null;
  /** The reader has no key: these are master keys of its site. */
  readonly isMaster: boolean;
  /** Keys that the reader may have as well and that have their turn later. */
  readonly former: readonly Uint8Array[];
  readonly forget: () => void;
}

interface Digests {
  readonly current: string;
  readonly next: string | null;
  readonly isMaster: boolean;
}

/** Gives readers' keys to whoever opens channels, and keeps in the store what a channel has proved. */
export class ReaderKeyKeeper {
  readonly #store: ReaderKeyStore;
  readonly #clock: Clock;
  readonly #diversified: DiversifiedKeys | null;
  /** What is remembered of keys is a digest under a key of this process. */
  readonly #digestKey = randomBytes(32);
  readonly #digestsOf = new WeakMap<object, Digests>();
  readonly #given = new Map<ReaderId, Digests>();
  readonly #sending = new Set<ReaderId>();

  constructor(store: ReaderKeyStore, clock: Clock, diversified: DiversifiedKeys | null = null) {
    this.#store = store;
    this.#clock = clock;
    this.#diversified = diversified;
  }

  async keysOf(readerId: ReaderId): Promise<GivenKeys | null> {
    const state = await this.#store.read(readerId);
    if (state === null || state.isVoid) {
      forgetKeyState(state);
      const masters = (await this.#diversified?.mastersOf(readerId)) ?? null;
      return masters === null ? null : this.#give(masters.current, masters.next, true);
    }
    const { current, next } = keysOfTurn(state, Math.floor(this.#clock.monotonicUs() / 1_000 / KEY_TURN_MS));
    const former = candidateKeys(state).filter((key) => key !== current && key !== next);
    return this.#give(current, next, false, former);
  }

  #give(current: Uint8Array, next: Uint8Array | null, isMaster: boolean, former: readonly Uint8Array[] = []): GivenKeys {
    const given: GivenKeys = {
      current,
      next,
      isMaster,
      former,
      forget: () => {
        current.fill(0);
        next?.fill(0);
        for (const key of former) key.fill(0);
      },
    };
    this.#digestsOf.set(given, { current: this.#digest(current), next: next === null ? null : this.#digest(next), isMaster });
    return given;
  }

  /** The way that leads to the line: what leaves here is what the next confirmation is about. `ask` may hold keys back, and may ask for others' keys. */
  track<Keys>(ask: (readerId: ReaderId) => Keys | Promise<Keys>): (readerId: ReaderId) => Promise<Keys> {
    return async (readerId) => {
      const keys = await ask(readerId);
      const digests = typeof keys === 'object' && keys !== null ? this.#digestsOf.get(keys) : undefined;
      if (digests !== undefined) this.#given.set(readerId, digests);
      return keys;
    };
  }

  /**
   * A key is about to be sent and may be confirmed at any time from now on. Until `endSending`, that the old one still works proves nothing: the new
   * one may be on its way.
   */
  beginSending(readerId: ReaderId): void {
    this.#sending.add(readerId);
  }

  endSending(readerId: ReaderId): void {
    this.#sending.delete(readerId);
  }

  /**
   * A channel stands under this one of the two keys that were given for it. Resolves when the store knows it: true when the reader has another key
   * than before.
   */
  async confirmed(readerId: ReaderId, which: 'current' | 'next', clientId: Uint8Array | null = null): Promise<boolean> {
    const given = this.#given.get(readerId);
    const digest = given?.[which] ?? null;
    if (given?.isMaster === true && digest !== null) {
      await this.#adopt(readerId, digest, clientId);
      return false;
    }
    return digest === null ? false : this.#confirm(readerId, digest);
  }

  /** A channel stands under this key, whoever gave it to the line. */
  async confirmedKey(readerId: ReaderId, key: Uint8Array): Promise<boolean> {
    return this.#confirm(readerId, this.#digest(key));
  }

  /** From now on the reader has a stored key, the one that has just worked. One that has got another meanwhile keeps that. */
  async #adopt(readerId: ReaderId, digest: string, clientId: Uint8Array | null): Promise<void> {
    const masters = (await this.#diversified?.mastersOf(readerId)) ?? null;
    if (masters === null || clientId === null) return forgetMasterKeys(masters);
    const used = [masters.current, masters.next].find((key) => key !== null && this.#digest(key) === digest) ?? null;
    const derived = used === null ? null : await this.#diversified?.keyFrom(readerId, used, clientId);
    forgetMasterKeys(masters);
    if (derived === null || derived === undefined) return;
    const { key, generation } = derived;
    const state = await this.#store.update(readerId, (before) =>
      before === null || before.isVoid ? { ...derivedKey(key, generation, this.#clock.nowMs()), place: before?.place ?? null } : null,
    );
    forgetKeyState(state);
    key.fill(0);
    await this.#diversified?.promoteFor(readerId);
  }

  /** A key that is stored no more proves nothing: the stored keys are others by now. */
  async #confirm(readerId: ReaderId, digest: string): Promise<boolean> {
    let isChanged = false;
    const state = await this.#store.update(readerId, (before) => {
      if (before === null) return null;
      isChanged = before.next !== null && this.#digest(before.next) === digest;
      if (isChanged) return confirmKey(before, 'next', 0, this.#clock.nowMs());
      const index = [before.current, ...before.former].findIndex((key) => this.#digest(key) === digest);
      return index === -1 || this.#sending.has(readerId) ? before : confirmKey(before, 'current', index, this.#clock.nowMs());
    });
    forgetKeyState(state);
    return isChanged;
  }

  #digest(key: Uint8Array): string {
    return createHmac('sha256', this.#digestKey).update(key).digest('base64');
  }
}
