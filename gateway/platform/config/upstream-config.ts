import type { Assurance } from '../../domain/access/assurance.ts';
import type { ConfigFile } from './file-schema.ts';

/** What a sign-in is worth in which the provider says `acr` (one of them) and `amr` (all of them); empty = it need not say any. */
export interface UpstreamRating {
  readonly acr: readonly string[];
  readonly amr: readonly string[];
  readonly gives: Assurance;
}

/** An identity provider outside, at which people sign in before or instead of their passkey here. */
export interface UpstreamConfig {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientAuth: 'secret_basic' | 'secret_post' | 'private_key_jwt';
  readonly idTokenAlg: 'RS256' | 'PS256' | 'ES256' | 'EdDSA';
  /** `openid` among them. */
  readonly scopes: readonly string[];
  readonly mode: 'before_passkey' | 'instead_of_passkey';
  readonly account: {
    readonly claim: string;
    readonly is: 'email' | 'external_id' | 'user_name';
    /** In lower case. */
    readonly emailDomains: readonly string[];
    readonly create: boolean;
  };
  readonly ratings: readonly UpstreamRating[];
  /** Never longer than a session here lives, which is counted from the authentication there. */
  readonly maxAgeS: number;
}

export function toUpstream(file: ConfigFile): (upstream: ConfigFile['upstreams'][number]) => UpstreamConfig {
  return (upstream) => ({
    id: upstream.id,
    name: upstream.name,
    issuer: upstream.issuer,
    clientId: upstream.client_id,
    clientAuth: upstream.client_auth,
    idTokenAlg: upstream.id_token_alg,
    scopes: [...new Set(['openid', ...upstream.scopes])],
    mode: upstream.mode,
    account: {
      claim: upstream.account.claim,
      is: upstream.account.is,
      emailDomains: upstream.account.email_domains,
      create: upstream.account.create,
    },
    ratings: upstream.ratings.map(({ acr = [], amr = [], gives }) => ({ acr, amr, gives })),
    maxAgeS: Math.min(upstream.max_age_s, file.oidc.session_ttl_s),
  });
}
