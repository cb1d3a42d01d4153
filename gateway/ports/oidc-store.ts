import { GatewayError } from '../domain/errors.ts';

/**
 * Artifacts of the OpenID provider (sessions, grants, codes, tokens, interactions), shaped after what its storage adapter is
 * asked for. Every artifact that belongs to a person carries `personId`, so that "end everything of this person" is one look-up.
 */
export interface OidcArtifact {
  /** The provider's model name: Session, Grant, AuthorizationCode, AccessToken, RefreshToken, Interaction ... */
  readonly model: string;
  readonly id: string;
  /** JSON text of the provider's payload. */
  readonly payloadJson: string;
  readonly personId: string | null;
  readonly clientId: string | null;
  readonly grantId: string | null;
  /** Session uid. */
  readonly uid: string | null;
  readonly userCode: string | null;
  /** Epoch ms; null = does not expire. */
  readonly expiresAtMs: number | null;
  readonly consumedAtMs: number | null;
}

/** Longest payload, UTF-8 bytes. */
export const OIDC_PAYLOAD_BYTES_MAX = 65_536;

/** @throws request.too_large */
export function assertOidcPayloadFits(payloadJson: string): void {
  // A character is at most three bytes: short ones need no counting.
  if (payloadJson.length * 3 > OIDC_PAYLOAD_BYTES_MAX && Buffer.byteLength(payloadJson) > OIDC_PAYLOAD_BYTES_MAX) {
    throw new GatewayError('request.too_large', 'The sign-in state is too long.');
  }
}

/** A one-time artifact that is about to be used. */
export interface OidcUse {
  readonly model: string;
  readonly id: string;
  readonly nowMs: number;
}

/** Most that is given for one artifact: a refresh token and an access token. */
export const OIDC_GIVEN_MAX = 2;

/** @throws TypeError more than OIDC_GIVEN_MAX; request.too_large */
export function assertOidcGiftFits(given: readonly OidcArtifact[]): void {
  if (given.length > OIDC_GIVEN_MAX) throw new TypeError(`more than ${String(OIDC_GIVEN_MAX)} artifacts for one`);
  for (const { payloadJson } of given) assertOidcPayloadFits(payloadJson);
}

export interface OidcStore {
  /** False once nothing can be written any more, until the gateway is started again. */
  isWritable(): boolean;
  /** @throws request.too_large */
  upsert(artifact: OidcArtifact): Promise<void>;
  /**
   * Changes the payload of an artifact that is still stored with the payload `from`, and nothing else of it: false when it was destroyed
   * or written in between. Unlike `upsert` it never brings back what somebody else has ended.
   * @throws request.too_large
   */
  replacePayload(artifact: { model: string; id: string; from: string; to: string }): Promise<boolean>;
  /** Null when unknown or expired at `nowMs`. */
  find(model: string, id: string, nowMs: number): Promise<OidcArtifact | null>;
  findByUid(model: string, uid: string, nowMs: number): Promise<OidcArtifact | null>;
  findByUserCode(model: string, userCode: string, nowMs: number): Promise<OidcArtifact | null>;
  /** Marks a one-time artifact as used: true for the first caller only. */
  consume(model: string, id: string, nowMs: number): Promise<boolean>;
  /**
   * Marks a one-time artifact as used and stores what is given for it, together or not at all: true for the first caller only, false and
   * nothing stored for any other.
   * @throws request.too_large
   */
  exchange(used: OidcUse, given: readonly OidcArtifact[]): Promise<boolean>;
  /**
   * Undoes an `exchange` whose gift was never handed out, together or not at all: what was given goes, and what was used can be used again,
   * where it is still stored and it was this use that counted.
   */
  undoExchange(used: OidcUse, given: readonly Pick<OidcArtifact, 'model' | 'id'>[]): Promise<void>;
  destroy(model: string, id: string): Promise<void>;
  destroyByGrant(grantId: string): Promise<void>;
  /** Live artifacts of a person, of one model. */
  ofPerson(model: string, personId: string, nowMs: number): Promise<readonly OidcArtifact[]>;
  /** Live artifacts of a model, by id, after `afterId`; at most `limit`. */
  ofModel(
    model: string,
    page: { readonly afterId: string | null; readonly limit: number },
    nowMs: number,
  ): Promise<readonly OidcArtifact[]>;
  /** Live artifacts that were made for a client, by model and id; at most `limit`. */
  ofClient(clientId: string, limit: number, nowMs: number): Promise<readonly OidcArtifact[]>;
  /** Removes every artifact of the person (sessions first); returns how many of each model. One transaction. */
  destroyOfPerson(personId: string): Promise<Readonly<Record<string, number>>>;
  /** Removes what expires first of the model, until at most `keptMax` remain; returns how many went. */
  trim(model: string, keptMax: number): Promise<number>;
  /** Removes expired artifacts, at most `limit`; returns how many. */
  sweep(nowMs: number, limit: number): Promise<number>;
}
