import { createCipheriv, createDecipheriv } from 'node:crypto';
import { BLOCK_LENGTH } from '../secure-channel/aes-blocks.ts';
import type { DestroyableKeys } from '../secure-channel/session-keys.ts';
import { TAG_LENGTH } from '../wire/security-block.ts';
import { kmac256 } from './kmac256.ts';

export const SCBK2_LENGTH = 32;
/** RND.A and RND.B. */
export const NONCE2_LENGTH = 16;
export const CRYPTOGRAM2_LENGTH = 32;
const GCM_NONCE_LENGTH = 12;
const NO_IV = new Uint8Array(BLOCK_LENGTH);

/** S-ENC and S-NONCE as bytes; the owner overwrites them. */
export interface DerivedKeys {
  readonly sEnc: Uint8Array;
  readonly sNonce: Uint8Array;
}

/** S-ENC = KMAC256(SCBK, RND.A || RND.B), S-NONCE = KMAC256(SCBK, RND.B || RND.A), 32 bytes each. All of both nonces go into both keys. */
export function deriveKeys2(scbk: Uint8Array, rndA: Uint8Array, rndB: Uint8Array): DerivedKeys {
  return { sEnc: kmac256(scbk, concatenate(rndA, rndB), SCBK2_LENGTH), sNonce: kmac256(scbk, concatenate(rndB, rndA), SCBK2_LENGTH) };
}

export interface Sealed {
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

/** The two keys of one secure channel 2 as what they are for. Of no use after `destroy`: everything then throws. */
export interface SessionKeys2 extends DestroyableKeys {
  /** AES-256-CBC with S-ENC over both nonces: 32 bytes. */
  cryptogram(first: Uint8Array, second: Uint8Array): Uint8Array;
  /** The GCM nonce that belongs to one block of input: AES-256-CBC with S-NONCE, cut to 12 bytes. */
  nonceOf(block: Uint8Array): Uint8Array;
  seal(nonce: Uint8Array, header: Uint8Array, plaintext: Uint8Array): Sealed;
  /** Null when the tag is wrong; OpenSSL compares it in constant time. */
  open(nonce: Uint8Array, header: Uint8Array, sealed: Sealed): Uint8Array | null;
}

/** `scbk` stays the caller's. */
export function deriveSessionKeys2(scbk: Uint8Array, rndA: Uint8Array, rndB: Uint8Array): SessionKeys2 {
  const { sEnc, sNonce } = deriveKeys2(scbk, rndA, rndB);
  // CBC over one block without an IV is the block cipher itself. One object for the life of the key: creating one is the expensive part.
  const nonceCipher = createCipheriv('aes-256-ecb', sNonce, null).setAutoPadding(false);
  sNonce.fill(0);
  let encryption: Uint8Array | null = sEnc;
  const key = (): Uint8Array => {
    if (encryption === null) throw new TypeError('these session keys are destroyed');
    return encryption;
  };
  return {
    cryptogram(first, second) {
      const cipher = createCipheriv('aes-256-cbc', key(), NO_IV).setAutoPadding(false);
      const cryptogram = cipher.update(concatenate(first, second));
      cipher.final();
      return cryptogram;
    },
    nonceOf: (block) => nonceCipher.update(block).subarray(0, GCM_NONCE_LENGTH),
    seal(nonce, header, plaintext) {
      const cipher = createCipheriv('aes-256-gcm', key(), nonce, { authTagLength: TAG_LENGTH }).setAAD(header);
      const ciphertext = cipher.update(plaintext);
      cipher.final();
      return { ciphertext, tag: cipher.getAuthTag() };
    },
    open: (nonce, header, sealed) => openSealed(key(), nonce, header, sealed),
    destroy() {
      if (encryption === null) return;
      encryption.fill(0);
      encryption = null;
      nonceCipher.final();
    },
  };
}

function openSealed(key: Uint8Array, nonce: Uint8Array, header: Uint8Array, { ciphertext, tag }: Sealed): Uint8Array | null {
  if (tag.length !== TAG_LENGTH) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH }).setAAD(header).setAuthTag(tag);
  const plaintext = decipher.update(ciphertext);
  try {
    decipher.final();
    return plaintext;
  } catch {
    // The only way in which OpenSSL says that the tag is wrong.
    plaintext.fill(0);
    return null;
  }
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const result = new Uint8Array(first.length + second.length);
  result.set(first);
  result.set(second, first.length);
  return result;
}
