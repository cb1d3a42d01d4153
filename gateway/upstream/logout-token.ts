import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { tryParse } from '../domain/try-parse.ts';
import { UpstreamFailure } from './upstream-failure.ts';

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
 * @throws UpstreamFailure the provider's keys cannot be read, so that nobody knows: the provider should try again
 */
export async function verifyLogoutToken(token: string, { alg, clientId, issuer, keys, now }: LogoutChecks): Promise<LogoutSubject | null> {
  if (token.length > LOGOUT_TOKEN_CHARS_MAX) return null;
  try {
    const { payload, protectedHeader } = await jwtVerify(token, toReadable(keys), {
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
    const claims = tryParse(claimsSchema, payload);
    if (!claims.success) return null;
    const { jti, sid = null, sub = null } = claims.data;
    return sub === null && sid === null ? null : { subject: sub, sid, tokenId: jti };
  } catch (failure) {
    if (failure instanceof UpstreamFailure) throw failure;
    // Whatever is wrong with the token, the answer is the same 400.
    if (failure instanceof errors.JOSEError) return null;
    // A key that is of no use, such as one too short.
    throw new UpstreamFailure('upstream.unreachable', failure);
  }
}

/** A key that the set does not have is the token's fault, all else the set's: told apart here, because both may be a plain JOSEError. */
function toReadable(keys: JWTVerifyGetKey): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (failure) {
      if (failure instanceof errors.JWKSNoMatchingKey || failure instanceof errors.JWKSMultipleMatchingKeys) throw failure;
      throw new UpstreamFailure('upstream.unreachable', failure);
    }
  };
}
