import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { GatewayError } from '#gateway/domain/errors.ts';

/** AES-256-GCM (NIST SP 800-38D): 96-bit random nonce, 128-bit tag. Stored as version | nonce | tag | ciphertext. */
const VERSION = 1;
const NONCE_LENGTH_BYTES = 12;
const TAG_LENGTH_BYTES = 16;
const HEADER_LENGTH_BYTES = 1 + NONCE_LENGTH_BYTES + TAG_LENGTH_BYTES;
export const MASTER_KEY_LENGTH_BYTES = 32;

/** The name is authenticated with the value: a sealed secret that is copied under another name does not open. */
const additionalData = (name: string): Buffer => Buffer.from(`gatehouse:secret:${name}`, 'utf8');

export function sealSecret(masterKey: Uint8Array, name: string, value: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_LENGTH_BYTES);
  const cipher = createCipheriv('aes-256-gcm', masterKey, nonce, { authTagLength: TAG_LENGTH_BYTES });
  cipher.setAAD(additionalData(name));
  const ciphertext = Buffer.concat([cipher.update(value), cipher.final()]);
  return Uint8Array.from(Buffer.concat([Uint8Array.of(VERSION), nonce, cipher.getAuthTag(), ciphertext]));
}

/** Returns memory of its own. @throws secret.unavailable another key or name, or damaged. */
export function openSecret(masterKey: Uint8Array, name: string, sealed: Uint8Array): Uint8Array {
  if (sealed.length < HEADER_LENGTH_BYTES || sealed[0] !== VERSION)
    throw new GatewayError('secret.unavailable', 'A stored secret is damaged.');
  const nonce = sealed.subarray(1, 1 + NONCE_LENGTH_BYTES);
  const tag = sealed.subarray(1 + NONCE_LENGTH_BYTES, HEADER_LENGTH_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', masterKey, nonce, { authTagLength: TAG_LENGTH_BYTES });
  decipher.setAAD(additionalData(name));
  decipher.setAuthTag(tag);
  const unverified = decipher.update(sealed.subarray(HEADER_LENGTH_BYTES));
  try {
    decipher.final();
    return Uint8Array.from(unverified);
  } catch (error) {
    throw new GatewayError('secret.unavailable', 'A stored secret does not open with this master key.', { cause: error });
  } finally {
    unverified.fill(0);
  }
}
