import { createCipheriv, createDecipheriv } from 'node:crypto';

export const BLOCK_LENGTH = 16;
const ALGORITHM = 'aes-128-ecb';

/** AES-128 on single blocks; the chaining modes of OSDP change their IV at every frame and are built from it. */
export interface AesBlocks {
  /** Input is exactly one block; the result is a new one. */
  encrypt(block: Uint8Array): Uint8Array;
  decrypt(block: Uint8Array): Uint8Array;
  /** Frees the key schedules, which OpenSSL overwrites. The object is of no use afterwards. */
  destroy(): void;
}

/** One pair of cipher objects for the life of a key: creating one per block is twenty times slower. `key` stays the caller's. */
export function createAesBlocks(key: Uint8Array): AesBlocks {
  const cipher = createCipheriv(ALGORITHM, key, null).setAutoPadding(false);
  const decipher = createDecipheriv(ALGORITHM, key, null).setAutoPadding(false);
  let destroyed = false;
  return {
    encrypt: (block) => cipher.update(block),
    decrypt: (block) => decipher.update(block),
    destroy() {
      if (destroyed) return;
      destroyed = true;
      cipher.final();
      decipher.final();
    },
  };
}

export function xorBlock(left: Uint8Array, right: Uint8Array): Uint8Array {
  const result = new Uint8Array(BLOCK_LENGTH);
  for (let index = 0; index < BLOCK_LENGTH; index += 1) result[index] = (left[index] ?? 0) ^ (right[index] ?? 0);
  return result;
}
