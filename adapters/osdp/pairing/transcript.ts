import { createHash, createHmac } from 'node:crypto';
import { isSameSecret } from '../secure-channel/same-secret.ts';
import type { PairingProof } from './messages.ts';

/** What each signature is for: one made by the reader is of no use as the controller's. */
const SIGNED_FOR = {
  message2: new TextEncoder().encode('OSDP-PAIR-v1-msg2'),
  message3: new TextEncoder().encode('OSDP-PAIR-v1-msg3'),
} as const;

/** TH1 = SHA-256(message 1). */
export function hashMessage1(message1: Uint8Array): Uint8Array {
  return hash(message1);
}

/** TH2 = SHA-256(TH1 || core of message 2). */
export function hashCore(hash1: Uint8Array, coreBytes: Uint8Array): Uint8Array {
  return hash(hash1, coreBytes);
}

/** TH3 = SHA-256(TH2 || signature || code of message 2); TH4 the same with TH3 and message 3. */
export function hashProof(before: Uint8Array, { signature, code }: PairingProof): Uint8Array {
  return hash(before, signature, code);
}

/** What is signed in message 2 or 3. */
export function toSign(message: keyof typeof SIGNED_FOR, transcriptHash: Uint8Array): Uint8Array {
  return Buffer.concat([SIGNED_FOR[message], transcriptHash]);
}

/** HMAC-SHA256: only who has the shared secret can make it. */
export function codeOf(key: Uint8Array, transcriptHash: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac('sha256', key).update(transcriptHash).digest());
}

export function isCode(key: Uint8Array, transcriptHash: Uint8Array, code: Uint8Array): boolean {
  return isSameSecret(codeOf(key, transcriptHash), code);
}

function hash(...parts: readonly Uint8Array[]): Uint8Array {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return new Uint8Array(sum.digest());
}
