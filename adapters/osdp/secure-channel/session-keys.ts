import { createCipheriv } from 'node:crypto';
import { type AesBlocks, BLOCK_LENGTH, createAesBlocks } from './aes-blocks.ts';
import { isSameSecret } from './same-secret.ts';

export const SCBK_LENGTH = 16;
export const NONCE_LENGTH = 8;

/** The key printed in the standard, 30 31 .. 3F. Whoever reads the standard knows it: for installation only. */
export const SCBK_D: Uint8Array = Uint8Array.from({ length: SCBK_LENGTH }, (_, index) => 0x30 + index);

/** Keys printed in examples: AES (FIPS 197, SP 800-38A), the OSDP-Embedded capture and the patterns that are typed by hand. */
const PRINTED_KEYS: readonly Uint8Array[] = [
  '2b7e151628aed2a6abf7158809cf4f3c',
  '00112233445566778899aabbccddeeff',
  'ffeeddccbbaa99887766554433221100',
  '0123456789abcdef0123456789abcdef',
  '0123456789abcdeffedcba9876543210',
  'deadbeefdeadbeefdeadbeefdeadbeef',
  'd459f02f6602e5651f3b553bc283d43e',
].map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));

/** The same for secure channel 2: AES-256 of SP 800-38A, the pairing draft's vector. Those that only count are patterns. */
const PRINTED_KEYS_2: readonly Uint8Array[] = [
  '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
  '8eaf7fd9de1332fd2f3f18378b8afb81e90e83238ba324cb7bdc3f38146835d4',
].map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));

/** Why a key is nobody's own: it stands in the standard or in an example, or it is one of the 768 patterns that an attacker tries first. */
export type KeyWeakness = 'standard' | 'printed' | 'repeated' | 'counting';

/**
 * The 768 patterns are one byte 16 times, and 16 bytes that count up or down by one, FF and 00 being neighbours. A key of 32 bytes is as weak as its
 * halves: one of them known, or both the same, is a key of 16 bytes that was made to fit. Null for a key of one's own.
 */
export function findKeyWeakness(scbk: Uint8Array): KeyWeakness | null {
  if (scbk.length !== 2 * SCBK_LENGTH) return findWeakness(scbk);
  if (PRINTED_KEYS_2.some((printed) => isSameSecret(scbk, printed))) return 'printed';
  const [first, second] = [scbk.subarray(0, SCBK_LENGTH), scbk.subarray(SCBK_LENGTH)];
  return findWeakness(scbk) ?? findWeakness(first) ?? findWeakness(second) ?? (isSameSecret(first, second) ? 'repeated' : null);
}

function findWeakness(scbk: Uint8Array): KeyWeakness | null {
  if (isSameSecret(scbk, SCBK_D)) return 'standard';
  if (PRINTED_KEYS.some((printed) => isSameSecret(scbk, printed))) return 'printed';
  if (isStepping(scbk, 0)) return 'repeated';
  return isStepping(scbk, 1) || isStepping(scbk, 0xff) ? 'counting' : null;
}

/** A key that others know or find without trying: never to be used, whoever configured it. */
export function isPublicKey(scbk: Uint8Array): boolean {
  return findKeyWeakness(scbk) !== null;
}

/** Looks at every byte, whatever the first ones say: how long it takes tells nothing of the key. */
function isStepping(bytes: Uint8Array, step: number): boolean {
  let difference = 0;
  for (let index = 1; index < bytes.length; index += 1) difference |= ((bytes[index - 1] ?? 0) + step - (bytes[index] ?? 0)) & 0xff;
  return difference === 0;
}

const PURPOSE = { encryption: 0x82, mac1: 0x01, mac2: 0x02 } as const;

/** Key material that its owner must end. */
export interface DestroyableKeys {
  /** May be called again; what was destroyed is of no use. */
  destroy(): void;
}

/** The three keys of one secure channel, as ciphers: the raw keys no longer exist. */
export interface SessionKeys extends DestroyableKeys {
  readonly encryption: AesBlocks;
  readonly mac1: AesBlocks;
  readonly mac2: AesBlocks;
}

/**
 * OSDP 2.2 annex D.4: S-ENC = AES(SCBK, 01 82 A0..A5 00*8), S-MAC1 = AES(SCBK, 01 01 ..), S-MAC2 = AES(SCBK, 01 02 ..). Six bytes of RND.A
 * and none of RND.B go into them. `scbk` stays the caller's; the derived bytes are zeroed before this returns.
 */
export function deriveSessionKeys(scbk: Uint8Array, rndA: Uint8Array): SessionKeys {
  const encryption = deriveOne(scbk, PURPOSE.encryption, rndA);
  const mac1 = deriveOne(scbk, PURPOSE.mac1, rndA);
  const mac2 = deriveOne(scbk, PURPOSE.mac2, rndA);
  return {
    encryption,
    mac1,
    mac2,
    destroy() {
      for (const key of [encryption, mac1, mac2]) key.destroy();
    },
  };
}

/** Of either secure channel. */
export function destroySessionKeys(keys: DestroyableKeys): void {
  keys.destroy();
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
