import { type KeyObject, createPrivateKey, createPublicKey, decapsulate, encapsulate, sign, verify } from 'node:crypto';

/** ML-KEM-768 (FIPS 203). */
export const KEM_SEED_LENGTH = 64;
export const KEM_PUBLIC_LENGTH = 1_184;
export const KEM_CIPHERTEXT_LENGTH = 1_088;
/** ML-DSA-44 (FIPS 204). */
export const SIGNING_SEED_LENGTH = 32;
export const SIGNING_PUBLIC_LENGTH = 1_312;
export const SIGNATURE_LENGTH = 2_420;

/** DER of what stands before the bare key: RFC 9935 and RFC 9881, the key as its seed, the public key as its bytes. */
const KEM_SEED_PREFIX = Buffer.from('3054020100300b060960864801650304040204428040', 'hex');
const KEM_PUBLIC_PREFIX = Buffer.from('308204b2300b0609608648016503040402038204a100', 'hex');
const SIGNING_SEED_PREFIX = Buffer.from('3034020100300b060960864801650304031104228020', 'hex');
const SIGNING_PUBLIC_PREFIX = Buffer.from('30820532300b06096086480165030403110382052100', 'hex');

/** One use: made for a pairing, gone after it. `seed` stays the caller's. @throws TypeError for a seed of another length */
export function kemKeyOf(seed: Uint8Array): KeyObject {
  return privateKey(KEM_SEED_PREFIX, seed, KEM_SEED_LENGTH);
}

/** `seed` stays the caller's. @throws TypeError for a seed of another length */
export function signingKeyOf(seed: Uint8Array): KeyObject {
  return privateKey(SIGNING_SEED_PREFIX, seed, SIGNING_SEED_LENGTH);
}

/** The bare public key of a private one, of either kind. */
export function publicBytes(key: KeyObject): Uint8Array {
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const prefix = key.asymmetricKeyType === 'ml-kem-768' ? KEM_PUBLIC_PREFIX : SIGNING_PUBLIC_PREFIX;
  return new Uint8Array(der.subarray(prefix.length));
}

/** Null for bytes that are no key. The randomness is OpenSSL's own: there is no way to give it in. */
export function encapsulateTo(kemPublic: Uint8Array): { readonly ciphertext: Uint8Array; readonly sharedSecret: Uint8Array } | null {
  if (kemPublic.length !== KEM_PUBLIC_LENGTH) return null;
  try {
    const key = publicKey(KEM_PUBLIC_PREFIX, kemPublic);
    const { ciphertext, sharedKey } = encapsulate(key);
    return { ciphertext: new Uint8Array(ciphertext), sharedSecret: sharedKey };
  } catch {
    // A key whose coefficients are out of range (FIPS 203 section 7.2): OpenSSL says so by throwing.
    return null;
  }
}

/** A wrong ciphertext gives another secret, never an error (FIPS 203 section 6.3): the message code after it tells. */
export function decapsulateWith(key: KeyObject, ciphertext: Uint8Array): Uint8Array | null {
  return ciphertext.length === KEM_CIPHERTEXT_LENGTH ? decapsulate(key, ciphertext) : null;
}

/** Hedged: two signatures of one message differ, and both are good. */
export function signWith(key: KeyObject, message: Uint8Array): Uint8Array {
  return new Uint8Array(sign(null, message, key));
}

export function isSignedBy(signingPublic: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signingPublic.length !== SIGNING_PUBLIC_LENGTH || signature.length !== SIGNATURE_LENGTH) return false;
  try {
    return verify(null, message, publicKey(SIGNING_PUBLIC_PREFIX, signingPublic), signature);
  } catch {
    // Not a key at all.
    return false;
  }
}

function privateKey(prefix: Uint8Array, seed: Uint8Array, length: number): KeyObject {
  if (seed.length !== length) throw new TypeError(`a seed of this kind has ${length} bytes`);
  const der = Buffer.concat([prefix, seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  return key;
}

function publicKey(prefix: Uint8Array, bytes: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([prefix, bytes]), format: 'der', type: 'spki' });
}
