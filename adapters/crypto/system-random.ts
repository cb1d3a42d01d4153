import { randomBytes, randomFillSync } from 'node:crypto';
import type { Random } from '#gateway/ports/random.ts';
import { encodeBase32 } from './base32.ts';

const ID_LENGTH_BYTES = 16;
/** Ids are drawn ahead: asking the system for each costs a twentieth of a decision. Ids are names, not secrets; `bytes` is never drawn ahead. */
const IDS_AHEAD = 256;

export function createSystemRandom(): Random {
  const pool = new Uint8Array(IDS_AHEAD * ID_LENGTH_BYTES);
  let used = pool.length;
  return {
    // A plain Uint8Array of its own memory: a Buffer of the shared pool could not be zeroed or transferred safely.
    bytes: (lengthBytes) => new Uint8Array(randomBytes(lengthBytes)),
    id: (prefix) => {
      if (used === pool.length) {
        randomFillSync(pool);
        used = 0;
      }
      used += ID_LENGTH_BYTES;
      return `${prefix}_${encodeBase32(pool.subarray(used - ID_LENGTH_BYTES, used))}`;
    },
  };
}
