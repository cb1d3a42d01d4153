import type { Acr } from './acr.ts';

export interface Demanded {
  /** Contexts of which one is wanted, the first most; empty = any. */
  readonly acrValues: readonly Acr[];
  /** Oldest sign-in that is good enough, seconds; null = any. */
  readonly maxAgeS: number | null;
}

/** What a protected resource knows of a token: claims of the JWT, or the answer of introspection. */
export type TokenFacts = Readonly<Record<string, unknown>>;

/**
 * RFC 9470 section 3: the `WWW-Authenticate` header of a resource that wants a stronger or fresher sign-in than the token tells of. Null
 * when the token is good enough. The client repeats `acr_values` and `max_age` in its next authorization request, and the gateway does not
 * come back from that without them.
 */
export function stepUpChallenge(token: TokenFacts, { acrValues, maxAgeS }: Demanded, nowMs: number): string | null {
  const hasAcr = acrValues.length === 0 || acrValues.some((acr) => acr === token['acr']);
  const { auth_time: authTime } = token;
  const ageS = typeof authTime === 'number' ? nowMs / 1_000 - authTime : Number.POSITIVE_INFINITY;
  const isFresh = maxAgeS === null || ageS <= maxAgeS;
  if (hasAcr && isFresh) return null;
  const description = hasAcr ? 'a more recent sign-in is required' : 'a different sign-in is required';
  return [
    'Bearer error="insufficient_user_authentication"',
    `error_description="${description}"`,
    ...(acrValues.length === 0 ? [] : [`acr_values="${acrValues.join(' ')}"`]),
    ...(maxAgeS === null ? [] : [`max_age=${String(maxAgeS)}`]),
  ].join(', ');
}
