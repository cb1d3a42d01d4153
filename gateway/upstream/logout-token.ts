import { jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

/** Oldest logout token that is taken, seconds. Its `jti` is remembered for longer. */
export const LOGOUT_TOKEN_AGE_S_MAX = 300;
export const LOGOUT_TOKEN_CHARS_MAX = 16_384;
const SKEW_S = 30;
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** Whose session has ended at the provider. */
export interface LogoutSubject {
  readonly subject: string | null;
  readonly sid: string | null;
  readonly tokenId: string;
}

export interface LogoutChecks {
  readonly keys: JWTVerifyGetKey;
  readonly issuer: string;
  readonly clientId: string;
  readonly alg: string;
  readonly now: Date;
}

const claimsSchema = z.looseObject({
  sub: z.string().min(1).max(255).optional(),
  sid: z.string().min(1).max(256).optional(),
  jti: z.string().min(1).max(512),
  events: z.looseObject({ [EVENT]: z.looseObject({}) }),
});

/**
 * OpenID Connect Back-Channel Logout 1.0, 2.6; null when it is not to be believed. A token of another type is refused by its `typ`;
 * providers of before the standard's last edition send none, or `JWT`. What keeps an ID token out then are `events` and `nonce`.
 */
export async function verifyLogoutToken(token: string, { alg, clientId, issuer, keys, now }: LogoutChecks): Promise<LogoutSubject | null> {
  if (token.length > LOGOUT_TOKEN_CHARS_MAX) return null;
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer,
      audience: clientId,
      algorithms: [alg],
      requiredClaims: ['iat', 'jti', 'events'],
      maxTokenAge: LOGOUT_TOKEN_AGE_S_MAX,
      clockTolerance: SKEW_S,
      currentDate: now,
    });
    const typ = (protectedHeader.typ ?? 'JWT').toLowerCase().replace(/^application\//, '');
    if (typ !== 'logout+jwt' && typ !== 'jwt') return null;
    if ('nonce' in payload) return null;
    const { jti, sid = null, sub = null } = claimsSchema.parse(payload);
    return sub === null && sid === null ? null : { subject: sub, sid, tokenId: jti };
  } catch {
    // Whatever is wrong with it, the answer is the same 400.
    return null;
  }
}
