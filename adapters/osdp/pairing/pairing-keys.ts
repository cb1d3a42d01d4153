import { hkdfSync } from 'node:crypto';

const KEY_LENGTH = 32;

/** Of the pairing draft: they prove, message by message, that both ends computed the same. */
export interface ConfirmationKeys {
  readonly m2: Uint8Array;
  readonly m3: Uint8Array;
  readonly m4: Uint8Array;
}

/** HKDF-SHA256 over the secret of ML-KEM-768, salted with the hash of everything up to message 2. The arguments stay the caller's. */
export function deriveConfirmationKeys(sharedSecret: Uint8Array, transcriptHash2: Uint8Array): ConfirmationKeys {
  const derive = (info: string): Uint8Array => expand(sharedSecret, transcriptHash2, info);
  return { m2: derive('osdp-pair confirm2'), m3: derive('osdp-pair confirm3'), m4: derive('osdp-pair confirm4') };
}

/** The SCBK of secure channel 2 that a pairing ends with: bound to all four messages. */
export function derivePairedScbk(sharedSecret: Uint8Array, transcriptHash4: Uint8Array): Uint8Array {
  return expand(sharedSecret, transcriptHash4, 'osdp-pair scbk');
}

function expand(secret: Uint8Array, salt: Uint8Array, info: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, info, KEY_LENGTH));
}
