import type { IncomingMessage } from 'node:http';
import type { ApiConfig } from '../platform/config/client-config.ts';

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
  /** How long a new signing key is published before it signs. */
  readonly keyPublishAheadS?: number;
  /** How long a badge at a reader counts as fresh. */
  readonly freshBadgeS?: number;
  readonly apis?: readonly ApiConfig[];
}

export const KEY_PUBLISH_AHEAD_S = 3_600;
export const FRESH_BADGE_S = 300;

/** Path of the provider below the public URL. */
export const OIDC_PATH = '/oidc';
/** Time a person has for one sign-in, badging in included. */
export const INTERACTION_TTL_S = 900;
export const AUTHORIZATION_CODE_TTL_S = 60;
export const ID_TOKEN_TTL_S = 300;
/** Time a person has to answer a device (RFC 8628) or a back-channel request (CIBA). */
export const ASYNC_REQUEST_TTL_S = 600;
