import { createRemoteJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';

const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';

const claimsSchema = z.looseObject({
  sub: z.string().optional(),
  sid: z.string().optional(),
  events: z.looseObject({ [LOGOUT_EVENT]: z.looseObject({}) }),
  nonce: z.undefined().optional(),
  gatehouse_reason: z.string().max(64).optional(),
});

/** Whose session at this app has ended: of one session (`sid`), or all of a person. */
export interface LogoutSubject {
  readonly sub: string | undefined;
  readonly sid: string | undefined;
}

export interface VerifiedLogout extends LogoutSubject {
  /** The gateway's reason code, where it is one. */
  readonly reason: string | undefined;
}

const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

function keySetOf(jwksUri: string): ReturnType<typeof createRemoteJWKSet> {
  const known = keySets.get(jwksUri);
  if (known !== undefined) return known;
  const created = createRemoteJWKSet(new URL(jwksUri));
  keySets.set(jwksUri, created);
  return created;
}

/** OpenID Connect Back-Channel Logout 1.0, 2.6. Null when the token is not to be believed. */
export async function verifyLogoutToken(
  token: string,
  metadata: { readonly issuer: string; readonly jwks_uri?: string | undefined },
  clientId: string,
): Promise<VerifiedLogout | null> {
  if (metadata.jwks_uri === undefined) return null;
  try {
    const { payload } = await jwtVerify(token, keySetOf(metadata.jwks_uri), {
      issuer: metadata.issuer,
      audience: clientId,
      typ: 'logout+jwt',
      requiredClaims: ['iat', 'exp', 'jti'],
    });
    const { sub, sid, gatehouse_reason: reason } = claimsSchema.parse(payload);
    return sub === undefined && sid === undefined ? null : { sub, sid, reason };
  } catch {
    // Whatever is wrong with it, the answer is the same 400.
    return null;
  }
}
