import { hash, timingSafeEqual } from 'node:crypto';
import type Provider from 'oidc-provider';
import type { Client, ClientMetadata } from 'oidc-provider';
import type { ClientOptions } from '../../platform/config/client-config.ts';
import type { ClientConfig } from '../../platform/config/config.ts';

const GRANT_TYPES = {
  authorization_code: 'authorization_code',
  refresh_token: 'refresh_token',
  client_credentials: 'client_credentials',
  device_code: 'urn:ietf:params:oauth:grant-type:device_code',
  ciba: 'urn:openid:params:grant-type:ciba',
} as const;

export function authMethodOf(client: ClientConfig): NonNullable<ClientOptions['authMethod']> {
  return client.options?.authMethod ?? (client.clientSecretSha256 === null ? 'none' : 'client_secret_basic');
}

function credentialsOf(client: ClientConfig): Partial<ClientMetadata> {
  const { jwks, jwksUri, tlsSubjectDn } = client.options ?? {};
  return {
    token_endpoint_auth_method: authMethodOf(client),
    // Only the secret's hash is configured; `compareHashedSecrets` makes the provider compare hashes.
    ...(client.clientSecretSha256 === null ? {} : { client_secret: client.clientSecretSha256 }),
    // Typed by another package; the configuration has checked each key.
    ...(jwks ? { jwks: { keys: jwks.keys.map((key) => ({ ...key })) } } : {}),
    ...(jwksUri ? { jwks_uri: jwksUri } : {}),
    ...(tlsSubjectDn ? { tls_client_auth_subject_dn: tlsSubjectDn } : {}),
  };
}

function demandsOf({ boundTokens, isFapi, requiresPar, requiresSignedRequest }: ClientOptions): Partial<ClientMetadata> {
  return {
    ...(requiresPar === true || isFapi === true ? { require_pushed_authorization_requests: true } : {}),
    ...(requiresSignedRequest === true ? { require_signed_request_object: true } : {}),
    ...(boundTokens === 'dpop' ? { dpop_bound_access_tokens: true } : {}),
    ...(boundTokens === 'mtls' ? { tls_client_certificate_bound_access_tokens: true } : {}),
  };
}

function cibaOf({ cibaNotificationUri, grants }: ClientOptions): Partial<ClientMetadata> {
  if (grants?.includes('ciba') !== true) return {};
  return cibaNotificationUri
    ? { backchannel_token_delivery_mode: 'ping', backchannel_client_notification_endpoint: cibaNotificationUri }
    : { backchannel_token_delivery_mode: 'poll' };
}

/** The provider's metadata of a configured client. */
export function toClientMetadata(client: ClientConfig): ClientMetadata {
  const options = client.options ?? {};
  const grants = options.grants ?? ['authorization_code', 'refresh_token'];
  return {
    client_id: client.clientId,
    client_name: client.name,
    application_type: options.isNative === true ? 'native' : 'web',
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...client.postLogoutRedirectUris],
    grant_types: grants.map((grant) => GRANT_TYPES[grant]),
    response_types: grants.includes('authorization_code') ? ['code'] : [],
    id_token_signed_response_alg: options.idTokenAlg ?? 'ES256',
    ...credentialsOf(client),
    ...demandsOf(options),
    ...cibaOf(options),
    ...(options.isPairwise === true ? { subject_type: 'pairwise' as const } : {}),
    ...(options.sectorIdentifierUri ? { sector_identifier_uri: options.sectorIdentifierUri } : {}),
    ...(client.backchannelLogoutUri === null
      ? {}
      : // Without session_required the provider puts no `sid` into ID and logout tokens.
        { backchannel_logout_uri: client.backchannelLogoutUri, backchannel_logout_session_required: true }),
  };
}

export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** Hashes of the secrets of a client that are valid now; null for one whose metadata hold its only one. */
export type SecretsOf = (clientId: string) => readonly string[] | null;

/** The stored "secret" is a SHA-256: the presented one is hashed before it is compared. Secrets are random, so a plain hash is enough. */
export function compareHashedSecrets(provider: Provider, secretsOf: SecretsOf): void {
  provider.Client.prototype.compareClientSecret = function compareHash(this: Client, actual: string): boolean {
    const presented = Buffer.from(hashSecret(actual), 'hex');
    const valid = secretsOf(this.clientId) ?? [this.clientSecret ?? ''];
    const fitting = valid.map((one) => isSameHash(Buffer.from(one, 'hex'), presented));
    return fitting.includes(true);
  };
}

function isSameHash(expected: Uint8Array, presented: Uint8Array): boolean {
  return expected.length === presented.length && timingSafeEqual(expected, presented);
}

/** A browser app (public client) may call token and userinfo endpoints from the origins of its redirect URIs. */
export function isClientOrigin(client: Client, origin: string): boolean {
  if (client['clientAuthMethod'] !== 'none') return false;
  return (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin);
}
