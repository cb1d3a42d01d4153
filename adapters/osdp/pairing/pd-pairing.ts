import {
  PAIRING_STATUS,
  type PairingProof,
  encodeCore,
  encodeMessage2,
  encodeResult,
  isMessage1,
  parseMessage1,
  parseMessage3,
} from './messages.ts';
import type { PairingIdentity } from './pairing-identity.ts';
import { deriveConfirmationKeys, derivePairedScbk } from './pairing-keys.ts';
import { encapsulateTo, isSignedBy } from './post-quantum.ts';
import { codeOf, hashCore, hashMessage1, hashProof, isCode, toSign } from './transcript.ts';
import { type PairingPeer, type PairingTrust, verifyCertificate } from './trust.ts';

/** A pairing in which nothing came for so long is over; the next begins with message 1. */
export const PAIRING_IDLE_MAX_MS = 30_000;

/** What a reader keeps between message 2 and message 3. */
export type PdPairing =
  | { readonly name: 'idle' }
  | {
      readonly name: 'awaiting_message3';
      readonly sinceMs: number;
      readonly hash3: Uint8Array;
      readonly sharedSecret: Uint8Array;
      readonly codeKey: Uint8Array;
      readonly resultKey: Uint8Array;
      readonly peer: PairingPeer;
    };

export const NO_PAIRING: PdPairing = { name: 'idle' };

export interface PdPairingDeps {
  readonly identity: PairingIdentity;
  readonly trust: PairingTrust;
  /** Null for a reader without a clock to rely on. */
  readonly nowS: number | null;
  readonly nowMs: number;
  /** 16 fresh bytes, used only for message 2. */
  readonly nonce: Uint8Array;
}

/** What a reader does with one message of the controller. */
export interface PdPairingStep {
  readonly state: PdPairing;
  readonly answer:
    | { readonly kind: 'reply'; readonly message: Uint8Array }
    /** The key (32 bytes, the receiver's own) is to be stored; then one of the two results goes out, and only after it the key counts. */
    | {
        readonly kind: 'store';
        readonly scbk: Uint8Array;
        readonly peer: PairingPeer;
        readonly stored: Uint8Array;
        readonly notStored: Uint8Array;
      };
}

/** The reader's half of the pairing draft. Message 1 starts anew whatever was under way; message 3 is taken once. */
export function receivePairing(state: PdPairing, bytes: Uint8Array, deps: PdPairingDeps): PdPairingStep {
  if (isMessage1(bytes)) {
    forgetPairing(state);
    return answerMessage1(bytes, deps);
  }
  const isLate = state.name === 'awaiting_message3' && deps.nowMs - state.sinceMs > PAIRING_IDLE_MAX_MS;
  if (state.name === 'idle' || isLate) {
    forgetPairing(state);
    return refuse(PAIRING_STATUS.protocol);
  }
  const step = answerMessage3(state, bytes);
  forgetPairing(state);
  return step;
}

/** Overwrites what a pairing that goes no further has kept. */
export function forgetPairing(state: PdPairing): void {
  if (state.name === 'idle') return;
  for (const secret of [state.sharedSecret, state.codeKey, state.resultKey]) secret.fill(0);
}

/** Who asks is looked at before anything is computed for it. */
function answerMessage1(bytes: Uint8Array, { identity, trust, nowS, nowMs, nonce }: PdPairingDeps): PdPairingStep {
  const message1 = parseMessage1(bytes);
  if (message1 === null) return refuse(PAIRING_STATUS.protocol);
  const peer = verifyCertificate(trust, message1.certificate, nowS);
  if (peer === null) return refuse(PAIRING_STATUS.notAuthentic);
  const kem = encapsulateTo(message1.kemPublic);
  if (kem === null) return refuse(PAIRING_STATUS.protocol);
  const { ciphertext, sharedSecret } = kem;
  const coreBytes = encodeCore({ nonce, ciphertext, certificate: identity.certificate });
  const hash2 = hashCore(hashMessage1(bytes), coreBytes);
  const keys = deriveConfirmationKeys(sharedSecret, hash2);
  const proof: PairingProof = { signature: identity.sign(toSign('message2', hash2)), code: codeOf(keys.m2, hash2) };
  keys.m2.fill(0);
  return {
    state: {
      name: 'awaiting_message3',
      sinceMs: nowMs,
      hash3: hashProof(hash2, proof),
      sharedSecret,
      codeKey: keys.m3,
      resultKey: keys.m4,
      peer,
    },
    answer: { kind: 'reply', message: encodeMessage2(coreBytes, proof) },
  };
}

function answerMessage3(state: Extract<PdPairing, { name: 'awaiting_message3' }>, bytes: Uint8Array): PdPairingStep {
  const { hash3, sharedSecret, codeKey, resultKey, peer } = state;
  const proof = parseMessage3(bytes);
  if (proof === null) return refuse(PAIRING_STATUS.protocol);
  const isAuthentic = isSignedBy(peer.publicKey, toSign('message3', hash3), proof.signature) && isCode(codeKey, hash3, proof.code);
  if (!isAuthentic) return refuse(PAIRING_STATUS.notAuthentic);
  const hash4 = hashProof(hash3, proof);
  return {
    state: NO_PAIRING,
    answer: {
      kind: 'store',
      scbk: derivePairedScbk(sharedSecret, hash4),
      peer,
      stored: encodeResult({ status: PAIRING_STATUS.ok, code: codeOf(resultKey, hash4) }),
      notStored: encodeResult({ status: PAIRING_STATUS.notStored, code: null }),
    },
  };
}

function refuse(status: number): PdPairingStep {
  return { state: NO_PAIRING, answer: { kind: 'reply', message: encodeResult({ status, code: null }) } };
}
