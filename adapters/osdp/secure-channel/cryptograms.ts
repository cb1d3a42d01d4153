import { BLOCK_LENGTH } from './aes-blocks.ts';
import type { SessionKeys } from './session-keys.ts';

/** OSDP 2.2 annex D.4: client cryptogram = AES(S-ENC, RND.A || RND.B); it proves that the PD holds the SCBK. */
export function clientCryptogram(keys: SessionKeys, rndA: Uint8Array, rndB: Uint8Array): Uint8Array {
  return keys.encryption.encrypt(concatenate(rndA, rndB));
}

/** Server cryptogram = AES(S-ENC, RND.B || RND.A); it proves that the ACU holds the SCBK. */
export function serverCryptogram(keys: SessionKeys, rndA: Uint8Array, rndB: Uint8Array): Uint8Array {
  return keys.encryption.encrypt(concatenate(rndB, rndA));
}

/** RMAC_I = AES(S-MAC2, AES(S-MAC1, server cryptogram)): the first link of the MAC chain. */
export function initialRMac(keys: SessionKeys, cryptogram: Uint8Array): Uint8Array {
  return keys.mac2.encrypt(keys.mac1.encrypt(cryptogram));
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK_LENGTH);
  block.set(first, 0);
  block.set(second, BLOCK_LENGTH / 2);
  return block;
}
