import { randomBytes } from 'node:crypto';
import type { Random } from '#gateway/ports/random.ts';
import { encodeBase32 } from './base32.ts';

const ID_LENGTH_BYTES = 16;

export function createSystemRandom(): Random {
  return {
    // A plain Uint8Array of its own memory: a Buffer of the shared pool could not be zeroed or transferred safely.
    bytes: (lengthBytes) => new Uint8Array(randomBytes(lengthBytes)),
    id: (prefix) => `${prefix}_${encodeBase32(randomBytes(ID_LENGTH_BYTES))}`,
  };
}
