import { errors, type Client, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import type { ApiConfig } from '../../platform/config/client-config.ts';
import type { ClientConfig } from '../../platform/config/config.ts';

interface Deps {
  readonly apis: readonly ApiConfig[];
  readonly findClient: (clientId: string) => ClientConfig | undefined;
  readonly accessTokenTtlS: number;
}

/** RFC 8707: an API that is not configured, or not for this client, is an invalid target; there is no default one. */
export function createApiTargets({ accessTokenTtlS, apis, findClient }: Deps) {
  const byResource = new Map(apis.map((api) => [api.resource, api]));

  return {
    enabled: true,
    defaultResource: () => undefined,
    // A client that named its API at the beginning need not name it again for the code or the refresh token.
    useGrantedResource: () => true,
    getResourceServerInfo: (ctx: KoaContextWithOIDC, resource: string, client: Client): ResourceServer => {
      const api = byResource.get(resource);
      const options = findClient(client.clientId)?.options;
      if (api === undefined || options?.apis?.includes(api.id) !== true) {
        throw new errors.InvalidTarget('the API is unknown, or not for this client');
      }
      const isMachine = ctx.oidc.params?.['grant_type'] === 'client_credentials';
      const scopes = isMachine ? api.scopes.filter((scope) => options.apiScopes?.includes(scope) === true) : api.scopes;
      return {
        scope: scopes.join(' '),
        audience: api.audience,
        accessTokenTTL: accessTokenTtlS,
        accessTokenFormat: api.token,
        ...(api.token === 'jwt' ? { jwt: { sign: { alg: 'ES256' } } } : {}),
      };
    },
  };
}
