import type { IncomingMessage } from 'node:http';

/** Address of the person's device: the peer, or what a trusted proxy says of it. Null when it cannot be told. */
export type ClientIp = (request: IncomingMessage) => string | null;

/** What the provider must know of the configuration. */
export interface ProviderSettings {
  /** Origin under which browsers reach the gateway, without a trailing slash; the issuer is this and `/oidc`. */
  readonly publicUrl: string;
  readonly accessTokenTtlS: number;
  readonly refreshTokenTtlS: number;
  /** Absolute life of a provider session, from the sign-in. */
  readonly sessionTtlS: number;
}

/** Path of the provider below the public URL. */
export const OIDC_PATH = '/oidc';
/** Time a person has for one sign-in, badging in included. */
export const INTERACTION_TTL_S = 900;
export const AUTHORIZATION_CODE_TTL_S = 60;
export const ID_TOKEN_TTL_S = 300;
