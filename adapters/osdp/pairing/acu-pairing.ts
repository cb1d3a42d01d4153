import type { KeyObject } from 'node:crypto';
import { encodeMessage1, encodeMessage3, PAIRING_STATUS, parseMessage2, parseResult, isResult, type PairingMessage2 } from './messages.ts';
import type { PairingIdentity } from './pairing-identity.ts';
import { type ConfirmationKeys, deriveConfirmationKeys, derivePairedScbk } from './pairing-keys.ts';
import { decapsulateWith, isSignedBy, kemKeyOf, publicBytes } from './post-quantum.ts';
import { codeOf, hashCore, hashMessage1, hashProof, isCode, toSign } from './transcript.ts';
import { type PairingPeer, type PairingTrust, verifyCertificate } from './trust.ts';

/** `untrusted`: nobody whom we trust has vouched for it. `not_authentic`: it is not who its certificate says, or somebody changed the exchange. */
export type PairingFault = 'malformed' | 'untrusted' | 'not_authentic' | 'refused';

export interface PairingFailure {
  readonly ok: false;
  readonly fault: PairingFault;
  /** Of `PAIRING_STATUS`, when the reader ended it. */
  readonly status: number | null;
}

/** Message 1 is on its way. */
export interface AcuAwaitingMessage2 {
  readonly name: 'awaiting_message2';
  readonly hash1: Uint8Array;
  readonly kemKey: KeyObject;
}

/** Message 3 may leave: from there on the reader may have the key. */
export interface AcuAwaitingResult {
  readonly name: 'awaiting_result';
  readonly hash4: Uint8Array;
  readonly resultKey: Uint8Array;
}

export interface AcuStart {
  readonly state: AcuAwaitingMessage2;
  readonly message1: Uint8Array;
}

export type Message2Taken =
  | {
      readonly ok: true;
      readonly state: AcuAwaitingResult;
      readonly message3: Uint8Array;
      /** 32 bytes; the receiver's own, to be stored before `message3` leaves and overwritten afterwards. */
      readonly scbk: Uint8Array;
      readonly peer: PairingPeer;
    }
  | PairingFailure;

/**
 * The controller's half of the pairing draft: each state is used for one message and then over, so nothing can be played twice. `kemSeed` (64 bytes) and
 * `nonce` (16) are fresh and of this pairing only.
 */
export function beginPairing(
  { certificate }: Pick<PairingIdentity, 'certificate'>,
  { kemSeed, nonce }: { readonly kemSeed: Uint8Array; readonly nonce: Uint8Array },
): AcuStart {
  const kemKey = kemKeyOf(kemSeed);
  const message1 = encodeMessage1({ nonce, kemPublic: publicBytes(kemKey), certificate });
  return { message1, state: { name: 'awaiting_message2', hash1: hashMessage1(message1), kemKey } };
}

/** The reader shows who it is. Nothing of it is used before its certificate, its signature and its code were right. */
export function takeMessage2(
  state: AcuAwaitingMessage2,
  bytes: Uint8Array,
  { identity, trust, nowS }: { readonly identity: PairingIdentity; readonly trust: PairingTrust; readonly nowS: number | null },
): Message2Taken {
  if (isResult(bytes)) return endedEarly(bytes);
  const message2 = parseMessage2(bytes);
  if (message2 === null) return failure('malformed');
  const peer = verifyCertificate(trust, message2.core.certificate, nowS);
  if (peer === null) return failure('untrusted');
  const hash2 = hashCore(state.hash1, message2.coreBytes);
  if (!isSignedBy(peer.publicKey, toSign('message2', hash2), message2.signature)) return failure('not_authentic');
  const sharedSecret = decapsulateWith(state.kemKey, message2.core.ciphertext);
  if (sharedSecret === null) return failure('malformed');
  const keys = deriveConfirmationKeys(sharedSecret, hash2);
  const answer = isCode(keys.m2, hash2, message2.code) ? prove(sharedSecret, keys, { message2, hash2, identity }) : null;
  for (const secret of [sharedSecret, keys.m2, keys.m3]) secret.fill(0);
  if (answer !== null) return { ok: true, peer, ...answer };
  keys.m4.fill(0);
  return failure('not_authentic');
}

/** The reader has stored the key and proves it; its code key is overwritten either way. */
export function takeResult(state: AcuAwaitingResult, bytes: Uint8Array): { readonly ok: true } | PairingFailure {
  const result = parseResult(bytes);
  const isAuthentic = result?.code != null && isCode(state.resultKey, state.hash4, result.code);
  state.resultKey.fill(0);
  if (result === null) return failure('malformed');
  if (result.status !== PAIRING_STATUS.ok) return failure('refused', result.status);
  return isAuthentic ? { ok: true } : failure('not_authentic');
}

interface Proving {
  readonly message2: PairingMessage2;
  readonly hash2: Uint8Array;
  readonly identity: PairingIdentity;
}

function prove(sharedSecret: Uint8Array, keys: ConfirmationKeys, { message2, hash2, identity }: Proving) {
  const hash3 = hashProof(hash2, message2);
  const proof = { signature: identity.sign(toSign('message3', hash3)), code: codeOf(keys.m3, hash3) };
  const hash4 = hashProof(hash3, proof);
  const state: AcuAwaitingResult = { name: 'awaiting_result', hash4, resultKey: keys.m4 };
  return { state, message3: encodeMessage3(proof), scbk: derivePairedScbk(sharedSecret, hash4) };
}

/** Unsigned, so only a reason to stop, never to go on. */
function endedEarly(bytes: Uint8Array): PairingFailure {
  const result = parseResult(bytes);
  return result === null || result.status === PAIRING_STATUS.ok ? failure('malformed') : failure('refused', result.status);
}

function failure(fault: PairingFault, status: number | null = null): PairingFailure {
  return { ok: false, fault, status };
}
