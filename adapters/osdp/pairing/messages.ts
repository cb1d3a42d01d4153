import { arrayOf, isBytes } from './certificate.ts';
import { type CborValue, encodeCbor, parseCbor } from './cbor.ts';
import { PAIRING_MESSAGE_LENGTH_MAX } from './limits.ts';
import { KEM_CIPHERTEXT_LENGTH, KEM_PUBLIC_LENGTH, SIGNATURE_LENGTH } from './post-quantum.ts';

export const PAIRING_NONCE_LENGTH = 16;
export const CODE_LENGTH = 32;
const PROTOCOL_VERSION = 1;
/** ML-KEM-768, ML-DSA-44, HKDF-SHA256, HMAC-SHA256. */
const CIPHER_SUITE = 1;
/** A whole certificate. By thumbprint (1) nobody presents itself here: the other end would have to have it already. */
const CREDENTIAL_CERTIFICATE = 0;

/** The first byte of each message. */
const TYPE = { message1: 1, message2: 2, message3: 3, result: 4 } as const;

/** What a reader ends a pairing with. */
export const PAIRING_STATUS = { ok: 0, notAuthentic: 1, notStored: 2, policy: 3, protocol: 4 } as const;

/** ACU to PD. */
export interface PairingMessage1 {
  readonly nonce: Uint8Array;
  readonly kemPublic: Uint8Array;
  readonly certificate: Uint8Array;
}

/** PD to ACU: everything of message 2 that is signed. */
export interface PairingCore {
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly certificate: Uint8Array;
}

/** A signature over the exchange so far, and a code that shows the same secret. */
export interface PairingProof {
  readonly signature: Uint8Array;
  readonly code: Uint8Array;
}

export interface PairingMessage2 extends PairingProof {
  readonly core: PairingCore;
  /** As it came: the transcript is over these bytes. */
  readonly coreBytes: Uint8Array;
}

export interface PairingResult {
  readonly status: number;
  /** Null unless the pairing succeeded. */
  readonly code: Uint8Array | null;
}

export function encodeMessage1({ nonce, kemPublic, certificate }: PairingMessage1): Uint8Array {
  return typed(TYPE.message1, [PROTOCOL_VERSION, CIPHER_SUITE, nonce, kemPublic, CREDENTIAL_CERTIFICATE, certificate]);
}

export function parseMessage1(bytes: Uint8Array): PairingMessage1 | null {
  const [version, suite, nonce, kemPublic, credential, certificate] = bodyOf(bytes, TYPE.message1, 6) ?? [];
  if (version !== PROTOCOL_VERSION || suite !== CIPHER_SUITE || credential !== CREDENTIAL_CERTIFICATE) return null;
  if (!isBytes(nonce, PAIRING_NONCE_LENGTH) || !isBytes(kemPublic, KEM_PUBLIC_LENGTH)) return null;
  return certificate instanceof Uint8Array ? { nonce, kemPublic, certificate } : null;
}

export function encodeCore({ nonce, ciphertext, certificate }: PairingCore): Uint8Array {
  return encodeCbor([nonce, ciphertext, CREDENTIAL_CERTIFICATE, certificate]);
}

export function encodeMessage2(coreBytes: Uint8Array, { signature, code }: PairingProof): Uint8Array {
  return typed(TYPE.message2, [coreBytes, signature, code]);
}

export function parseMessage2(bytes: Uint8Array): PairingMessage2 | null {
  const [coreBytes, signature, code] = bodyOf(bytes, TYPE.message2, 3) ?? [];
  if (!(coreBytes instanceof Uint8Array) || !isBytes(signature, SIGNATURE_LENGTH) || !isBytes(code, CODE_LENGTH)) return null;
  const [nonce, ciphertext, credential, certificate] = arrayOf(parseCbor(coreBytes), 4) ?? [];
  if (credential !== CREDENTIAL_CERTIFICATE || !(certificate instanceof Uint8Array)) return null;
  if (!isBytes(nonce, PAIRING_NONCE_LENGTH) || !isBytes(ciphertext, KEM_CIPHERTEXT_LENGTH)) return null;
  return { core: { nonce, ciphertext, certificate }, coreBytes, signature, code };
}

export function encodeMessage3({ signature, code }: PairingProof): Uint8Array {
  return typed(TYPE.message3, [signature, code]);
}

export function parseMessage3(bytes: Uint8Array): PairingProof | null {
  const [signature, code] = bodyOf(bytes, TYPE.message3, 2) ?? [];
  return isBytes(signature, SIGNATURE_LENGTH) && isBytes(code, CODE_LENGTH) ? { signature, code } : null;
}

export function encodeResult({ status, code }: PairingResult): Uint8Array {
  return typed(TYPE.result, [status, code ?? new Uint8Array(0)]);
}

/** A code without success, or success without a code, is no result. */
export function parseResult(bytes: Uint8Array): PairingResult | null {
  const [status, code] = bodyOf(bytes, TYPE.result, 2) ?? [];
  if (typeof status !== 'number' || status > 0xff || !(code instanceof Uint8Array)) return null;
  if (status === PAIRING_STATUS.ok) return code.length === CODE_LENGTH ? { status, code } : null;
  return code.length === 0 ? { status, code: null } : null;
}

export function isMessage1(bytes: Uint8Array): boolean {
  return bytes[0] === TYPE.message1;
}

/** A reader that ends a pairing early does so with a result, whatever was awaited. */
export function isResult(bytes: Uint8Array): boolean {
  return bytes[0] === TYPE.result;
}

function typed(type: number, body: CborValue): Uint8Array {
  const encoded = encodeCbor(body);
  const bytes = new Uint8Array(1 + encoded.length);
  bytes[0] = type;
  bytes.set(encoded, 1);
  if (bytes.length > PAIRING_MESSAGE_LENGTH_MAX) throw new TypeError(`a pairing message has at most ${PAIRING_MESSAGE_LENGTH_MAX} bytes`);
  return bytes;
}

function bodyOf(bytes: Uint8Array, type: number, count: number): readonly CborValue[] | null {
  if (bytes[0] !== type || bytes.length > PAIRING_MESSAGE_LENGTH_MAX) return null;
  return arrayOf(parseCbor(bytes.subarray(1)), count);
}
