import { randomBytes } from 'node:crypto';
import { suiteOf } from '../channels/suite-of.ts';
import { wantsHandshake, wantsNonce } from '../session/state.ts';
import type { Handshake } from '../session/transition.ts';
import { type FetchedKey, type KeyOf, fetchKey } from './bus-key.ts';
import { type Slot, dropKey } from './reader-slot.ts';

export interface SlotKeysDeps {
  readonly keyOf: KeyOf;
  /** The slot is still here and its line runs. */
  readonly isWanted: (slot: Slot) => boolean;
  /** The slot may have the line again. `failure` says why it got no key; null when it got one, or wants none any more. */
  readonly onFetched: (slot: Slot, failure: Extract<FetchedKey, { ok: false }>['reason'] | null) => void;
}

/** Keys from the key store to the turn that needs them; they are with a slot for no longer than that. */
export class SlotKeys {
  readonly #deps: SlotKeysDeps;

  constructor(deps: SlotKeysDeps) {
    this.#deps = deps;
  }

  /** Whoever is to open a channel in its next turn is kept from the line until its key is here. */
  fetchFor(slots: readonly Slot[]): void {
    for (const slot of slots) {
      if (slot.state.phase !== 'challenge' || slot.isBlocked || slot.scbk !== null || !wantsHandshake(slot.state)) continue;
      slot.isBlocked = true;
      void this.#fetch(slot);
    }
  }

  /** What a slot's turn needs to open a channel; null when it opens none. */
  handshakeOf({ config, state, scbk, nextScbk: next, isMaster }: Slot): Handshake | null {
    if (!wantsNonce(state)) return null;
    return { scbk, next, isMaster, rndA: randomBytes(suiteOf(config.secureChannel).nonceLength) };
  }

  /** Owned by the slot: it stays blocked until this ends, and this always ends. */
  async #fetch(slot: Slot): Promise<void> {
    const key = await fetchKey(this.#deps.keyOf, slot.readerId, suiteOf(slot.config.secureChannel).scbkLength);
    slot.isBlocked = false;
    if (key.ok) slot.scbk = key.scbk;
    if (key.ok) slot.nextScbk = key.next;
    slot.isMaster = key.ok && key.isMaster;
    slot.isKeyShared = !key.ok && key.reason === 'shared';
    const isWanted = this.#deps.isWanted(slot) && wantsHandshake(slot.state);
    if (!isWanted) dropKey(slot);
    this.#deps.onFetched(slot, isWanted && !key.ok ? key.reason : null);
  }
}
