import { createHmac, scrypt } from 'node:crypto';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { PinCost } from '#gateway/domain/people/pin.ts';
import { PIN_HASHES_AT_ONCE_MAX, PIN_HASHES_WAITING_MAX, type PinHasher } from '#gateway/ports/pin-hasher.ts';

const HASH_LENGTH_BYTES = 32;
/** 16 MB and about 50 ms of a core for each guess. */
const COST: PinCost = { n: 16_384, r: 8, p: 1 };
/** scrypt takes 128 * N * r bytes; twice that, so that the cost can be raised once without touching this. */
const MEMORY_BYTES_MAX = 64 * 1024 * 1024;

/**
 * scrypt(HMAC-SHA-256(pepper, digits), salt). Ten thousand PINs are tried in minutes at any cost that a door can wait for: without the
 * pepper, which the key store holds, the records alone give nobody a PIN.
 */
export function createScryptPinHasher(pepperOf: () => Promise<Uint8Array>, cost: PinCost = COST): PinHasher {
  const waiting: (() => void)[] = [];
  let running = 0;
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  const enter = async (): Promise<void> => {
    if (running < PIN_HASHES_AT_ONCE_MAX) {
      running += 1;
      return;
    }
    if (waiting.length >= PIN_HASHES_WAITING_MAX) throw new GatewayError('request.rate_limited', 'Too many PINs are being checked.');
    await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return {
    cost,
    hash: async (digits, salt, used) => {
      await enter();
      try {
        return await hashWith(await pepperOf(), { digits, salt, cost: used });
      } finally {
        leave();
      }
    },
  };
}

interface Keyed {
  readonly digits: Uint8Array;
  readonly salt: Uint8Array;
  readonly cost: PinCost;
}

/** Zeroes the pepper, which is a copy. */
async function hashWith(pepper: Uint8Array, { digits, salt, cost }: Keyed): Promise<Uint8Array> {
  const keyed = createHmac('sha256', pepper).update(digits).digest();
  pepper.fill(0);
  const { n: N, r, p } = cost;
  try {
    return await new Promise((resolve, reject) => {
      scrypt(keyed, salt, HASH_LENGTH_BYTES, { N, r, p, maxmem: MEMORY_BYTES_MAX }, (failure, hash) =>
        failure === null ? resolve(Uint8Array.from(hash)) : reject(failure),
      );
    });
  } finally {
    keyed.fill(0);
  }
}
