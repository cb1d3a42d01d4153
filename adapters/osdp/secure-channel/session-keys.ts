import { createCipheriv } from 'node:crypto';
import { type AesBlocks, BLOCK_LENGTH, createAesBlocks } from './aes-blocks.ts';
import { isSameSecret } from './same-secret.ts';

export const SCBK_LENGTH = 16;
export const NONCE_LENGTH = 8;

/** The key printed in the standard, 30 31 .. 3F. Whoever reads the standard knows it: for installation only. */
export const SCBK_D: Uint8Array = Uint8Array.from({ length: SCBK_LENGTH }, (_, index) => 0x30 + index);

const UNSET: Uint8Array = new Uint8Array(SCBK_LENGTH);

/** SCBK-D, or a key that was never set. */
export function isPublicKey(scbk: Uint8Array): boolean {
  return isSameSecret(scbk, SCBK_D) || isSameSecret(scbk, UNSET);
}

const PURPOSE = { encryption: 0x82, mac1: 0x01, mac2: 0x02 } as const;

/** The three keys of one secure channel, as ciphers: the raw keys no longer exist. */
export interface SessionKeys {
  readonly encryption: AesBlocks;
  readonly mac1: AesBlocks;
  readonly mac2: AesBlocks;
}

/**
 * OSDP 2.2 annex D.4: S-ENC = AES(SCBK, 01 82 A0..A5 00*8), S-MAC1 = AES(SCBK, 01 01 ..), S-MAC2 = AES(SCBK, 01 02 ..). Six bytes of RND.A
 * and none of RND.B go into them. `scbk` stays the caller's; the derived bytes are zeroed before this returns.
 */
export function deriveSessionKeys(scbk: Uint8Array, rndA: Uint8Array): SessionKeys {
  return {
    encryption: deriveOne(scbk, PURPOSE.encryption, rndA),
    mac1: deriveOne(scbk, PURPOSE.mac1, rndA),
    mac2: deriveOne(scbk, PURPOSE.mac2, rndA),
  };
}

export function destroySessionKeys(keys: SessionKeys): void {
  keys.encryption.destroy();
  keys.mac1.destroy();
  keys.mac2.destroy();
}

function deriveOne(scbk: Uint8Array, purpose: number, rndA: Uint8Array): AesBlocks {
  const block = new Uint8Array(BLOCK_LENGTH);
  block[0] = 0x01;
  block[1] = purpose;
  block.set(rndA.subarray(0, 6), 2);
  const cipher = createCipheriv('aes-128-ecb', scbk, null).setAutoPadding(false);
  const key = cipher.update(block);
  cipher.final();
  const blocks = createAesBlocks(key);
  key.fill(0);
  return blocks;
}
