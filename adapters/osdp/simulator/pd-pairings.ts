import { NO_PAIRING, type PdPairing, receivePairing } from '../pairing/pd-pairing.ts';
import { PAIRING_NONCE_LENGTH } from '../pairing/messages.ts';
import type { PairingIdentity } from '../pairing/pairing-identity.ts';
import type { PairingPeer, PairingTrust } from '../pairing/trust.ts';
import type { PdReply } from '../pd/transition.ts';
import type { PdClock } from './pd-clock.ts';

export interface PdPairingOptions {
  readonly identity: PairingIdentity;
  readonly trust: PairingTrust;
  /** The reader's wall clock in seconds; it has none if not said. */
  readonly nowS?: () => number;
  /** Whether the key could be written down; it could if not said. */
  readonly store?: (scbk: Uint8Array, peer: PairingPeer) => boolean;
}

/** What a paired reader does next: the reply, and the key that counts once the reply has gone out. */
export interface PairingAnswer {
  readonly reply: PdReply;
  readonly scbk: Uint8Array | null;
}

/** The pairings of one reader, one at a time. */
export class PdPairings {
  readonly #options: PdPairingOptions;
  readonly #clock: PdClock;
  readonly #random: (length: number) => Uint8Array;
  #state: PdPairing = NO_PAIRING;

  constructor(options: PdPairingOptions, clock: PdClock, random: (length: number) => Uint8Array) {
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
  }

  take(message: Uint8Array): PairingAnswer {
    const { identity, trust, nowS, store } = this.#options;
    const { state, answer } = receivePairing(this.#state, message, {
      identity,
      trust,
      nowS: nowS?.() ?? null,
      nowMs: this.#clock.nowMs(),
      nonce: this.#random(PAIRING_NONCE_LENGTH),
    });
    this.#state = state;
    if (answer.kind === 'reply') return { reply: toReply(answer.message), scbk: null };
    const isStored = store?.(answer.scbk, answer.peer) ?? true;
    if (isStored) return { reply: toReply(answer.stored), scbk: answer.scbk };
    answer.scbk.fill(0);
    return { reply: toReply(answer.notStored), scbk: null };
  }
}

function toReply(message: Uint8Array): PdReply {
  return { name: 'PAIRR', body: { total: message.length, offset: 0, data: message } };
}
