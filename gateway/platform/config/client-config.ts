export type ClientAuthMethod =
  'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'tls_client_auth' | 'self_signed_tls_client_auth' | 'none';
export type ClientGrant = 'authorization_code' | 'refresh_token' | 'client_credentials' | 'device_code' | 'ciba';
export type AcrName = 'aal2' | 'aal3' | 'face' | 'on-site' | 'fresh-badge';

/** RFC 7517, without any private member. */
export type PublicJwk = Readonly<Record<string, unknown>> & { readonly kty: 'EC' | 'OKP' | 'RSA' };

/** What a client wants beyond code and refresh with its secret. What is absent is off. */
export interface ClientOptions {
  /** False = the client is unknown to everybody. */
  readonly isEnabled?: boolean;
  readonly authMethod?: ClientAuthMethod;
  /** Public keys. */
  readonly jwks?: { readonly keys: readonly PublicJwk[] } | null;
  readonly jwksUri?: string | null;
  readonly tlsSubjectDn?: string | null;
  readonly grants?: readonly ClientGrant[];
  /** Ids of the APIs it may get tokens for. */
  readonly apis?: readonly string[];
  /** Scopes that it may have as a machine. */
  readonly apiScopes?: readonly string[];
  readonly isNative?: boolean;
  readonly isPairwise?: boolean;
  readonly sectorIdentifierUri?: string | null;
  readonly requiresPar?: boolean;
  readonly requiresSignedRequest?: boolean;
  readonly boundTokens?: 'none' | 'dpop' | 'mtls';
  readonly isFapi?: boolean;
  readonly mayOmitPkce?: boolean;
  readonly idTokenAlg?: 'ES256' | 'EdDSA' | 'RS256';
  readonly cibaNotificationUri?: string | null;
  /** A badge at a reader that answers sign-ins may stand for the person's yes (CIBA). */
  readonly takesBadge?: boolean;
}

/** An API that takes access tokens. */
export interface ApiConfig {
  readonly id: string;
  readonly name: string;
  readonly resource: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly token: 'jwt' | 'opaque';
  readonly acr: AcrName | null;
}
