import { importJWK, SignJWT, type JWK } from 'jose';

/** Where everything is: the defaults of the specification. */
export const AUTHZEN_PATHS = {
  metadata: '/.well-known/authzen-configuration',
  evaluation: '/access/v1/evaluation',
  evaluations: '/access/v1/evaluations',
  subject: '/access/v1/search/subject',
  resource: '/access/v1/search/resource',
  action: '/access/v1/search/action',
  openapi: '/access/v1/openapi.json',
} as const;

/** AuthZEN 1.0 section 9: what an enforcement point needs to know, and nothing that is empty. */
export function createMetadata(publicUrl: string) {
  return {
    policy_decision_point: publicUrl,
    access_evaluation_endpoint: `${publicUrl}${AUTHZEN_PATHS.evaluation}`,
    access_evaluations_endpoint: `${publicUrl}${AUTHZEN_PATHS.evaluations}`,
    search_subject_endpoint: `${publicUrl}${AUTHZEN_PATHS.subject}`,
    search_resource_endpoint: `${publicUrl}${AUTHZEN_PATHS.resource}`,
    search_action_endpoint: `${publicUrl}${AUTHZEN_PATHS.action}`,
  };
}

export interface MetadataSigner {
  /** Private, with `alg` and `kid`; its public half is at the issuer's jwks_uri. */
  readonly key: JWK;
  /** The OpenID issuer that attests to the claims: its configuration names the keys. */
  readonly issuer: string;
}

/**
 * The metadata with themselves as a JWT (AuthZEN 1.0 section 9.1): claims are the same values and `iss`, none of them is `signed_metadata`.
 */
export async function createSignedMetadata(publicUrl: string, { key, issuer }: MetadataSigner, nowMs: number) {
  const metadata = createMetadata(publicUrl);
  const { alg = '', kid = '' } = key;
  const signed = await new SignJWT({ ...metadata })
    .setProtectedHeader({ alg, kid })
    .setIssuer(issuer)
    .setIssuedAt(Math.floor(nowMs / 1_000))
    .sign(await importJWK(key, alg));
  return { ...metadata, signed_metadata: signed };
}
