import { isUserVerified, upstreamAcr, type Assurance } from '../domain/access/assurance.ts';
import type { Authentication } from '../app/access/types.ts';
import type { UpstreamRating } from '../platform/config/upstream-config.ts';

/** What the ID token says of how the person authenticated (OpenID Connect Core 2). */
export interface UpstreamEvidence {
  readonly acr: string | null;
  readonly amr: readonly string[];
  readonly authenticatedAtMs: number;
}

/** The first row that fits. What nobody has rated is one factor: the provider may ask for a password and no more. */
export function rate({ acr, amr }: Pick<UpstreamEvidence, 'acr' | 'amr'>, ratings: readonly UpstreamRating[]): Assurance {
  const fits = (rating: UpstreamRating): boolean =>
    (rating.acr.length === 0 || (acr !== null && rating.acr.includes(acr))) && rating.amr.every((value) => amr.includes(value));
  return ratings.find(fits)?.gives ?? 'aal1';
}

/** As facts of our own policy. The provider's words for the methods are not ours: `hwk` there says nothing of a key that we know. */
export function toAuthentication(evidence: UpstreamEvidence, ratings: readonly UpstreamRating[]): Authentication {
  const acr = upstreamAcr(rate(evidence, ratings));
  return { amr: ['upstream'], acr, userVerified: isUserVerified(acr), authenticatedAtMs: evidence.authenticatedAtMs };
}
