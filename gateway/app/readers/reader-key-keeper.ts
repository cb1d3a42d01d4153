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

/** Gives readers' keys to whoever opens channels, and keeps in the store what a channel has proved. */
export class ReaderKeyKeeper {
  readonly #store: ReaderKeyStore;
  readonly #clock: Clock;
  readonly #indexOf = new WeakMap<object, number>();
  readonly #given = new Map<ReaderId, number>();
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
    const { current, next, index } = keysOfTurn(state, Math.floor(this.#clock.monotonicUs() / 1_000 / KEY_TURN_MS));
    for (const key of candidateKeys(state)) if (key !== current && key !== next) key.fill(0);
    const given: GivenKeys = {
      current,
      next,
      forget: () => {
        current.fill(0);
        next?.fill(0);
      },
    };
    this.#indexOf.set(given, index);
    return given;
  }

  /** The way that leads to the line: what leaves here is what the next confirmation is about. `ask` may hold keys back, and may ask for others' keys. */
  track<Keys>(ask: (readerId: ReaderId) => Keys | Promise<Keys>): (readerId: ReaderId) => Promise<Keys> {
    return async (readerId) => {
      const keys = await ask(readerId);
      const index = typeof keys === 'object' && keys !== null ? this.#indexOf.get(keys) : undefined;
      if (index !== undefined) this.#given.set(readerId, index);
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

  /** A channel stands under this one of two keys. Resolves when the store knows it: true when the reader has another key than before. */
  async confirmed(readerId: ReaderId, which: 'current' | 'next'): Promise<boolean> {
    if (which === 'current' && this.#sending.has(readerId)) return false;
    const index = this.#given.get(readerId) ?? 0;
    let isChanged = false;
    const state = await this.#store.update(readerId, (before) => {
      if (before === null) return null;
      const after = confirmKey(before, which, index, this.#clock.nowMs());
      isChanged = which === 'next' && before.next !== null;
      return after;
    });
    if (state !== null) for (const key of candidateKeys(state)) key.fill(0);
    return isChanged;
  }
}
