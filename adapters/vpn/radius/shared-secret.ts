import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { GatewayError } from '#gateway/domain/errors.ts';

/** RFC 2865 3: as good as its length. */
export const SHARED_SECRET_OCTETS_MIN = 16;
export const SHARED_SECRET_OCTETS_MAX = 256;
const OTHERS = 0o077;

/** A RADIUS secret from a file of its own, without the line's end. @throws config.unreadable it is absent, others can read it, or it is no secret */
export function readSharedSecret(file: string): Uint8Array {
  const refuse = (what: string, cause?: unknown): GatewayError => new GatewayError('config.unreadable', `${file} ${what}`, { cause });
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (cause) {
    throw refuse('with a RADIUS secret cannot be read', cause);
  }
  try {
    const { mode, size } = fstatSync(descriptor);
    if ((mode & OTHERS) !== 0) throw refuse('holds a RADIUS secret, and others than its owner have access: give it mode 0600');
    if (size > SHARED_SECRET_OCTETS_MAX + 2) throw refuse(`is longer than a RADIUS secret of ${String(SHARED_SECRET_OCTETS_MAX)} octets`);
    const text = readFileSync(descriptor);
    const secret = new Uint8Array(Buffer.from(text.toString('latin1').replace(/\r?\n$/, ''), 'latin1'));
    text.fill(0);
    if (secret.length < SHARED_SECRET_OCTETS_MIN || secret.length > SHARED_SECRET_OCTETS_MAX)
      throw refuse(`is not a RADIUS secret of ${String(SHARED_SECRET_OCTETS_MIN)} to ${String(SHARED_SECRET_OCTETS_MAX)} octets`);
    return secret;
  } finally {
    closeSync(descriptor);
  }
}
