import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { PersonId, VpnRealmId } from '../../domain/site/ids.ts';
import type { OneTimeStore } from '../../ports/one-time-store.ts';
import type { Random } from '../../ports/random.ts';
import type { Authentication } from '../access/types.ts';

/** Time from the page to the VPN client. */
export const CODE_TTL_MS = 120_000;
export const CODE_DIGITS = 8;
/** Wrong codes after which the right one is worth nothing any more. */
export const WRONG_CODES_MAX = 5;

export interface CodeOwner {
  readonly realmId: VpnRealmId;
  readonly personId: PersonId;
}

/** How the person authenticated when the code was made; the correlation joins what is decided about the connection. */
export interface CodeOrigin {
  readonly authentication: Authentication;
  readonly correlation: string;
}

/** One-time codes of VPN realms, at most one per person and realm. */
export interface CodeBook {
  /** A new code; the one before is void. @throws store.unavailable, store.conflict */
  put(owner: CodeOwner, origin: CodeOrigin, nowMs: number): Promise<{ readonly code: string; readonly expiresAtMs: number }>;
  /** The origin once, for the right code in time; null otherwise, and the code is void after WRONG_CODES_MAX wrong ones. @throws store.unavailable */
  take(owner: CodeOwner, code: string, nowMs: number): Promise<CodeOrigin | null>;
}

const payloadSchema = z.strictObject({
  mac: z.string(),
  wrongLeft: z.int().min(1).max(WRONG_CODES_MAX),
  expiresAtMs: z.int(),
  correlation: z.string(),
  authentication: z.strictObject({
    amr: z.array(z.string()),
    acr: z.string(),
    userVerified: z.boolean(),
    authenticatedAtMs: z.int(),
  }),
});

const keyOf = ({ realmId, personId }: CodeOwner): string => `${realmId} ${personId}`;

/** Uniform: what is above the largest multiple of 10^8 below 2^32 is drawn again. */
function drawCode(random: Random): string {
  const count = 10 ** CODE_DIGITS;
  const limit = Math.floor(2 ** 32 / count) * count;
  for (;;) {
    const drawn = Buffer.from(random.bytes(4)).readUInt32BE();
    if (drawn < limit) return String(drawn % count).padStart(CODE_DIGITS, '0');
  }
}

/** `macKey`: 32 random bytes. A plain hash of eight digits in the store would be tried out in a second. */
export function createCodeBook(deps: { readonly oneTime: OneTimeStore; readonly macKey: Uint8Array; readonly random: Random }): CodeBook {
  const { oneTime, macKey, random } = deps;
  const macOf = (owner: CodeOwner, code: string): Buffer =>
    createHmac('sha256', macKey)
      .update(`${keyOf(owner)} ${code}`)
      .digest();

  return {
    put: async (owner, { authentication, correlation }, nowMs) => {
      const code = drawCode(random);
      const expiresAtMs = nowMs + CODE_TTL_MS;
      const mac = macOf(owner, code).toString('hex');
      const payload: z.input<typeof payloadSchema> = {
        mac,
        wrongLeft: WRONG_CODES_MAX,
        expiresAtMs,
        correlation,
        authentication: { ...authentication, amr: [...authentication.amr] },
      };
      await oneTime.put({ purpose: 'vpn_code', key: keyOf(owner), payloadJson: JSON.stringify(payload), expiresAtMs, nowMs });
      return { code, expiresAtMs };
    },
    take: async (owner, code, nowMs) => {
      const mac = macOf(owner, code);
      // Taken before it is compared: of two connections with the same code one finds it.
      const taken = await oneTime.take('vpn_code', keyOf(owner), nowMs);
      if (taken === null) return null;
      const payload = payloadSchema.parse(JSON.parse(taken));
      const { authentication, correlation, expiresAtMs, wrongLeft } = payload;
      if (timingSafeEqual(Buffer.from(payload.mac, 'hex'), mac)) return { authentication, correlation };
      if (wrongLeft > 1) {
        const payloadJson = JSON.stringify({ ...payload, wrongLeft: wrongLeft - 1 });
        // Not over a code that was made meanwhile.
        await oneTime.putNew({ purpose: 'vpn_code', key: keyOf(owner), payloadJson, expiresAtMs, nowMs });
      }
      return null;
    },
  };
}
