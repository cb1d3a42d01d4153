import { createHmac, randomBytes } from 'node:crypto';
import { candidateKeys, confirmKey, keysOfTurn } from '../../domain/readers/reader-keys.ts';
import type { ReaderId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import { forgetKeyState, type ReaderKeyStore } from './reader-key-store.ts';

/** How long each of several unsettled keys is tried before the next one has its turn, ms: a reader that answers makes a handshake each second. */
export const KEY_TURN_MS = 10_000;

/** Copies for one handshake; `forget` zeroes them. */
export interface GivenKeys {
  readonly current: Uint8Array;
  readonly next: Uint8Array | null;
  readonly forget: () => void;
}

interface Digests {
  readonly current: string;
  readonly next: string | null;
}

/** Gives readers' keys to whoever opens channels, and keeps in the store what a channel has proved. */
export class ReaderKeyKeeper {
  readonly #store: ReaderKeyStore;
  readonly #clock: Clock;
  /** What is remembered of keys is a digest under a key of this process. */
  readonly #digestKey = randomBytes(32);
  readonly #digestsOf = new WeakMap<object, Digests>();
  readonly #given = new Map<ReaderId, Digests>();
  readonly #sending = new Set<ReaderId>();

  constructor(store: ReaderKeyStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async keysOf(readerId: ReaderId): Promise<GivenKeys | null> {
    const state = await this.#store.read(readerId);
    if (state === null || state.isVoid) {
      forgetKeyState(state);
      return null;
    }
    const { current, next } = keysOfTurn(state, Math.floor(this.#clock.monotonicUs() / 1_000 / KEY_TURN_MS));
    for (const key of candidateKeys(state)) if (key !== current && key !== next) key.fill(0);
    const given: GivenKeys = {
      current,
      next,
      forget: () => {
        current.fill(0);
        next?.fill(0);
      },
    };
    this.#digestsOf.set(given, { current: this.#digest(current), next: next === null ? null : this.#digest(next) });
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
  async confirmed(readerId: ReaderId, which: 'current' | 'next'): Promise<boolean> {
    const digest = this.#given.get(readerId)?.[which] ?? null;
    return digest === null ? false : this.#confirm(readerId, digest);
  }

  /** A channel stands under this key, whoever gave it to the line. */
  async confirmedKey(readerId: ReaderId, key: Uint8Array): Promise<boolean> {
    return this.#confirm(readerId, this.#digest(key));
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
