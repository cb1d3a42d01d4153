import { errors, type Client, type KoaContextWithOIDC } from 'oidc-provider';
import type { ClientConfig } from '../../platform/config/config.ts';

/** FAPI 2.0 Security Profile 5.4: what may sign for a client of the profile. RS256 is not among them. */
export const FAPI_ALGS: ReadonlySet<string> = new Set(['ES256', 'PS256', 'EdDSA', 'Ed25519']);

type Alg = { readonly alg?: unknown };

/** The switch of the FAPI 2.0 profile, client by client. What its metadata can say, `toClientMetadata` says. */
export function createFapiProfile(clients: readonly ClientConfig[]) {
  const members = new Set(clients.flatMap(({ clientId, options }) => (options?.isFapi === true ? [clientId] : [])));
  const isMember = (client: Client | undefined): boolean => client !== undefined && members.has(client.clientId);

  return {
    feature: {
      enabled: true,
      profile: (_ctx: KoaContextWithOIDC, client: Client): '2.0' | undefined => (isMember(client) ? ('2.0' as const) : undefined),
    },
    /** 5.3.2.1: the issuer alone is the audience of a client assertion. */
    assertClientAssertion: (ctx: KoaContextWithOIDC, claims: Record<string, unknown>, header: Alg, client: Client): void => {
      if (!isMember(client)) return;
      if (claims['aud'] !== ctx.oidc.issuer)
        throw new errors.InvalidClientAuth('FAPI 2.0: aud of the client assertion must be the issuer, as a string');
      if (!FAPI_ALGS.has(String(header.alg)))
        throw new errors.InvalidClientAuth('FAPI 2.0: the client assertion must be signed with ES256, PS256 or EdDSA');
    },
    assertRequestObject: (ctx: KoaContextWithOIDC, claims: Record<string, unknown>, header: Alg, client: Client): void => {
      // What was pushed is kept by the provider as a request object of its own; a signed one was looked at when it came.
      if (!isMember(client) || 'PushedAuthorizationRequest' in ctx.oidc.entities) return;
      if (!FAPI_ALGS.has(String(header.alg)))
        throw new errors.InvalidRequestObject('FAPI 2.0: sign the request with ES256, PS256 or EdDSA');
      const { exp, nbf } = claims;
      if (typeof exp !== 'number' || typeof nbf !== 'number' || exp - nbf <= 0 || exp - nbf > REQUEST_LIFE_S_MAX)
        throw new errors.InvalidRequestObject('FAPI 2.0: the request needs exp and nbf, at most an hour apart');
    },
  };
}

/** FAPI 2.0 Message Signing 5.3.1. */
const REQUEST_LIFE_S_MAX = 3_600;
