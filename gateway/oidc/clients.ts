import { createHash, timingSafeEqual } from 'node:crypto';
import type Provider from 'oidc-provider';
import type { Client, ClientMetadata } from 'oidc-provider';
import type { ClientConfig } from '../platform/config/config.ts';

/** The provider's metadata of a configured client. */
export function toClientMetadata(client: ClientConfig): ClientMetadata {
  return {
    client_id: client.clientId,
    client_name: client.name,
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...client.postLogoutRedirectUris],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    // Only the secret's hash is configured; `compareHashedSecrets` makes the provider compare hashes.
    ...(client.clientSecretSha256 === null
      ? { token_endpoint_auth_method: 'none' as const }
      : { token_endpoint_auth_method: 'client_secret_basic' as const, client_secret: client.clientSecretSha256 }),
    ...(client.backchannelLogoutUri === null
      ? {}
      : // Without session_required the provider puts no `sid` into ID and logout tokens.
        { backchannel_logout_uri: client.backchannelLogoutUri, backchannel_logout_session_required: true }),
  };
}

/** The stored "secret" is a SHA-256: the presented one is hashed before it is compared. Secrets are random, so a plain hash is enough. */
export function compareHashedSecrets(provider: Provider): void {
  provider.Client.prototype.compareClientSecret = function compareHash(this: Client, actual: string): boolean {
    const expected = Buffer.from(this.clientSecret ?? '', 'hex');
    const presented = createHash('sha256').update(actual, 'utf8').digest();
    return expected.length === presented.length && timingSafeEqual(expected, presented);
  };
}

/** A browser app (public client) may call token and userinfo endpoints from the origins of its redirect URIs. */
export function isClientOrigin(client: Client, origin: string): boolean {
  if (client['clientAuthMethod'] !== 'none') return false;
  return (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin);
}
