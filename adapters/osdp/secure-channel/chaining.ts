import { BLOCK_LENGTH, xorBlock } from './aes-blocks.ts';
import type { SessionKeys } from './session-keys.ts';

const PAD = 0x80;

/**
 * OSDP 2.2 annex D.5: CBC over `covered` with S-MAC1 and the last block with S-MAC2; padded with 80 00.. only when not a whole number of blocks.
 * Returns the full 16 bytes; four of them travel, all of them chain.
 */
export function computeMac(keys: SessionKeys, iv: Uint8Array, covered: Uint8Array): Uint8Array {
  const blocks = covered.length % BLOCK_LENGTH === 0 ? covered : padded(covered);
  const last = blocks.length - BLOCK_LENGTH;
  let chain = iv;
  for (let at = 0; at < last; at += BLOCK_LENGTH) chain = keys.mac1.encrypt(xorBlock(blocks.subarray(at, at + BLOCK_LENGTH), chain));
  return keys.mac2.encrypt(xorBlock(blocks.subarray(last), chain));
}

/** AES-128-CBC with S-ENC; the payload is always padded with 80 00.., so that its end can be found again. */
export function encryptPayload(keys: SessionKeys, iv: Uint8Array, payload: Uint8Array): Uint8Array {
  const result = padded(payload);
  let chain = iv;
  for (let at = 0; at < result.length; at += BLOCK_LENGTH) {
    chain = keys.encryption.encrypt(xorBlock(result.subarray(at, at + BLOCK_LENGTH), chain));
    result.set(chain, at);
  }
  return result;
}

/** Null when it is no whole number of blocks or carries no padding. Only ever called on bytes whose MAC was right. */
export function decryptPayload(keys: SessionKeys, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | null {
  if (ciphertext.length === 0 || ciphertext.length % BLOCK_LENGTH !== 0) return null;
  const result = new Uint8Array(ciphertext.length);
  let chain = iv;
  for (let at = 0; at < ciphertext.length; at += BLOCK_LENGTH) {
    const block = ciphertext.subarray(at, at + BLOCK_LENGTH);
    result.set(xorBlock(keys.encryption.decrypt(block), chain), at);
    chain = block;
  }
  let end = result.length - 1;
  while (end > 0 && result[end] === 0) end -= 1;
  return result[end] === PAD && result.length - end <= BLOCK_LENGTH ? result.slice(0, end) : null;
}

/** The IV of a payload: the complement of the peer's last MAC. */
export function complement(mac: Uint8Array): Uint8Array {
  return mac.map((byte) => byte ^ 0xff);
}

/** At least one byte of padding, up to a whole number of blocks. */
function padded(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array((Math.floor(bytes.length / BLOCK_LENGTH) + 1) * BLOCK_LENGTH);
  result.set(bytes);
  result[bytes.length] = PAD;
  return result;
}
