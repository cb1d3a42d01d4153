import { createCipheriv, createDecipheriv } from 'node:crypto';

export const BLOCK_LENGTH = 16;
const ALGORITHM = 'aes-128-ecb';

/** AES-128 on blocks; the chaining modes of OSDP change their IV at every frame and are built from it. */
export interface AesBlocks {
  /** Input is whole blocks, each on its own; the result is new, and stays valid whatever becomes of the input. */
  encrypt(blocks: Uint8Array): Uint8Array;
  decrypt(blocks: Uint8Array): Uint8Array;
  /** Frees the key schedules, which OpenSSL overwrites. The object is of no use afterwards. */
  destroy(): void;
}

/** One pair of cipher objects for the life of a key: creating one per block is twenty times slower. `key` stays the caller's. */
export function createAesBlocks(key: Uint8Array): AesBlocks {
  const cipher = createCipheriv(ALGORITHM, key, null).setAutoPadding(false);
  const decipher = createDecipheriv(ALGORITHM, key, null).setAutoPadding(false);
  let destroyed = false;
  return {
    encrypt: (blocks) => cipher.update(blocks),
    decrypt: (blocks) => decipher.update(blocks),
    destroy() {
      if (destroyed) return;
      destroyed = true;
      cipher.final();
      decipher.final();
    },
  };
}
