import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { tryParse } from '../../domain/try-parse.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OneTimePurpose, OneTimeStore } from '../../ports/one-time-store.ts';
import type { Random } from '../../ports/random.ts';

/** A code is typed at the machine by whoever sets it up, ms. */
export const DEVICE_CODE_LIFE_MS = 900_000;
const CODE_BYTES = 15;

/** One-time codes with which a machine gives its key, in exchange for what was offered to it. The store has their hashes alone. */
export interface DeviceCodes<Offer> {
  offer(offer: Offer): Promise<{ readonly code: string; readonly expiresAtMs: number }>;
  /** What the code was made for, to the first who asks; null = it was used, is too old, or is none. */
  take(code: string): Promise<Offer | null>;
}

interface Deps {
  readonly oneTime: OneTimeStore;
  readonly clock: Clock;
  readonly random: Random;
}

const keyOf = (code: string): string => createHash('sha256').update(code, 'utf8').digest('hex');

export function createDeviceCodes<Schema extends z.ZodType>(
  { clock, oneTime, random }: Deps,
  { purpose, schema }: { readonly purpose: OneTimePurpose; readonly schema: Schema },
): DeviceCodes<z.output<Schema>> {
  return {
    offer: async (offer) => {
      const code = Buffer.from(random.bytes(CODE_BYTES)).toString('base64url');
      const nowMs = clock.nowMs();
      const expiresAtMs = nowMs + DEVICE_CODE_LIFE_MS;
      await oneTime.put({ purpose, key: keyOf(code), payloadJson: JSON.stringify(offer), expiresAtMs, nowMs });
      return { code, expiresAtMs };
    },
    take: async (code) => {
      const kept = await oneTime.take(purpose, keyOf(code), clock.nowMs());
      return tryParse(schema, JSON.parse(kept ?? 'null')).data ?? null;
    },
  };
}
