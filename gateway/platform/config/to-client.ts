import type { AppId } from '../../domain/site/ids.ts';
import type { ApiConfig } from './client-config.ts';
import { authMethodOf } from './client-schema.ts';
import type { ClientConfig } from './config.ts';
import type { ConfigFile } from './file-schema.ts';

export function toClient(app: ConfigFile['apps'][number]): ClientConfig {
  return {
    appId: app.id as AppId,
    clientId: app.client_id,
    name: app.name,
    clientSecretSha256: app.client_secret_sha256 ?? null,
    redirectUris: app.redirect_uris,
    postLogoutRedirectUris: app.post_logout_redirect_uris,
    backchannelLogoutUri: app.backchannel_logout_uri ?? null,
    options: {
      isEnabled: app.enabled,
      authMethod: authMethodOf(app),
      jwks: app.jwks === undefined ? null : { keys: app.jwks.keys },
      jwksUri: app.jwks_uri ?? null,
      tlsSubjectDn: app.tls_client_subject_dn ?? null,
      grants: app.grants,
      apis: app.apis,
      apiScopes: app.api_scopes,
      isNative: app.native,
      isPairwise: app.pairwise,
      sectorIdentifierUri: app.sector_identifier_uri ?? null,
      requiresPar: app.require_par || app.fapi,
      requiresSignedRequest: app.require_signed_request,
      boundTokens: app.bound_tokens,
      isFapi: app.fapi,
      mayOmitPkce: app.no_pkce_reason !== undefined,
      idTokenAlg: app.id_token_alg,
      cibaNotificationUri: app.ciba_notification_uri ?? null,
      takesBadge: app.ciba_badge,
    },
  };
}

export function toApi(api: ConfigFile['apis'][number]): ApiConfig {
  return {
    id: api.id,
    name: api.name,
    resource: api.resource,
    audience: api.audience ?? api.resource,
    scopes: api.scopes,
    token: api.token,
    acr: api.acr ?? null,
  };
}
