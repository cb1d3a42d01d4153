import { BLOCK_LENGTH } from './aes-blocks.ts';
import type { SessionKeys } from './session-keys.ts';

const PAD = 0x80;

/** Where a block is put together: this module runs to its end before anybody else does. Wiped of payloads when they were encrypted. */
const scratch = new Uint8Array(BLOCK_LENGTH);

/**
 * OSDP 2.2 annex D.5: CBC over `covered` with S-MAC1 and the last block with S-MAC2; padded with 80 00.. only when not a whole number of blocks.
 * Returns the full 16 bytes; four of them travel, all of them chain.
 */
export function computeMac(keys: SessionKeys, iv: Uint8Array, covered: Uint8Array): Uint8Array {
  const last = covered.length === 0 ? 0 : Math.floor((covered.length - 1) / BLOCK_LENGTH) * BLOCK_LENGTH;
  let chain = iv;
  for (let at = 0; at < last; at += BLOCK_LENGTH) chain = keys.mac1.encrypt(mix(covered, at, chain));
  return keys.mac2.encrypt(mix(covered, last, chain));
}

/** AES-128-CBC with S-ENC; the payload is always padded with 80 00.., so that its end can be found again. */
export function encryptPayload(keys: SessionKeys, iv: Uint8Array, payload: Uint8Array): Uint8Array {
  const result = new Uint8Array((Math.floor(payload.length / BLOCK_LENGTH) + 1) * BLOCK_LENGTH);
  let chain = iv;
  for (let at = 0; at < result.length; at += BLOCK_LENGTH) {
    chain = keys.encryption.encrypt(mix(payload, at, chain));
    result.set(chain, at);
  }
  scratch.fill(0);
  return result;
}

/** Null when it is no whole number of blocks or carries no padding. Only ever called on bytes whose MAC was right. */
export function decryptPayload(keys: SessionKeys, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | null {
  if (ciphertext.length === 0 || ciphertext.length % BLOCK_LENGTH !== 0) return null;
  // All blocks in one call; each is chained to the ciphertext before it.
  const result = keys.encryption.decrypt(ciphertext);
  for (let index = 0; index < BLOCK_LENGTH; index += 1) result[index] = (result[index] ?? 0) ^ (iv[index] ?? 0);
  for (let index = BLOCK_LENGTH; index < result.length; index += 1) {
    result[index] = (result[index] ?? 0) ^ (ciphertext[index - BLOCK_LENGTH] ?? 0);
  }
  let end = result.length - 1;
  while (end > 0 && result[end] === 0) end -= 1;
  return result[end] === PAD && result.length - end <= BLOCK_LENGTH ? Uint8Array.from(result.subarray(0, end)) : null;
}

/** The IV of a payload: the complement of the peer's last MAC. */
export function complement(mac: Uint8Array): Uint8Array {
  const result = new Uint8Array(mac.length);
  for (let index = 0; index < mac.length; index += 1) result[index] = (mac[index] ?? 0) ^ 0xff;
  return result;
}

/** One block of `bytes` from `at` on, with 80 00.. behind their end, XOR `chain`. Valid until the next call. */
function mix(bytes: Uint8Array, at: number, chain: Uint8Array): Uint8Array {
  const end = bytes.length - at;
  for (let index = 0; index < BLOCK_LENGTH; index += 1) {
    const byte = index < end ? (bytes[at + index] ?? 0) : index === end ? PAD : 0;
    scratch[index] = byte ^ (chain[index] ?? 0);
  }
  return scratch;
}
