import { createRemoteJWKSet, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { DESK_CHALLENGE_TYPE, deskChallengeSchema, type DeskChallenge } from '#gateway/domain/desk/desk-challenge.ts';
import { tryParse } from '#gateway/domain/try-parse.ts';

/** How far this machine's clock may be off. */
const CLOCK_SKEW_MS_MAX = 60_000;
const CHALLENGE_CHARS_MAX = 8_192;
/** Challenges that were answered; the life of one is 30 s. */
const USED_MAX = 256;
const KEYS_TIMEOUT_MS = 5_000;

export type ChallengeFault = 'not_from_our_gateway' | 'not_for_this_computer' | 'too_old' | 'used';
export type VerifyChallenge = (
  jwt: string,
) => Promise<{ readonly ok: true; readonly challenge: DeskChallenge } | { readonly ok: false; readonly fault: ChallengeFault }>;

/** The gateway's keys, by its own address: whoever enrolled this computer named it. */
export function gatewayKeys(issuer: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(`${issuer}/jwks`), { timeoutDuration: KEYS_TIMEOUT_MS });
}

interface Deps {
  readonly issuer: string;
  readonly deviceId: string;
  readonly personId: string;
  readonly keys: JWTVerifyGetKey;
  readonly nowMs: () => number;
}

/** Whether a page that asks was sent by this computer's own gateway, just now, for this computer and its person, and for the first time. */
export function createVerifyChallenge({ deviceId, issuer, keys, nowMs, personId }: Deps): VerifyChallenge {
  const used = new Set<string>();
  return async (jwt) => {
    const verified =
      jwt.length > CHALLENGE_CHARS_MAX
        ? null
        : await jwtVerify(jwt, keys, { issuer, typ: DESK_CHALLENGE_TYPE, algorithms: ['ES256'] }).catch(() => null);
    const parsed = tryParse(deskChallengeSchema, verified?.payload);
    if (!parsed.success) return { ok: false, fault: 'not_from_our_gateway' };
    const challenge = parsed.data;
    if (!challenge.aud.includes(deviceId) || challenge.subject !== personId) return { ok: false, fault: 'not_for_this_computer' };
    const now = nowMs();
    if (now > challenge.expires_at_ms + CLOCK_SKEW_MS_MAX || now < challenge.asked_at_ms - CLOCK_SKEW_MS_MAX)
      return { ok: false, fault: 'too_old' };
    if (used.has(challenge.nonce)) return { ok: false, fault: 'used' };
    used.add(challenge.nonce);
    const [oldest] = used;
    if (used.size > USED_MAX && oldest !== undefined) used.delete(oldest);
    return { ok: true, challenge };
  };
}
