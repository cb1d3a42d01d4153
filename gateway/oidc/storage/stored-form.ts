import { hash } from 'node:crypto';
import type { AdapterPayload } from 'oidc-provider';
import type { OidcArtifact } from '../../ports/oidc-store.ts';

/** Models whose identifier is the bearer secret itself. The store keeps only its hash, so that a copy of the store opens nothing. */
const bearerModels: ReadonlySet<string> = new Set([
  'Session',
  'AuthorizationCode',
  'AccessToken',
  'RefreshToken',
  'ClientCredentials',
  'DeviceCode',
  'InitialAccessToken',
  'PushedAuthorizationRequest',
]);

export function storedId(model: string, id: string): string {
  return bearerModels.has(model) ? hash('sha256', `${model}:${id}`, 'hex') : id;
}

/** A person's interaction counts as theirs: ending everything of the person ends what they have begun as well. */
function ownerOf(payload: AdapterPayload): string | null {
  return payload.accountId ?? payload.session?.accountId ?? payload.result?.login?.accountId ?? null;
}

interface Place {
  readonly model: string;
  /** As stored. */
  readonly id: string;
}

export function toArtifact({ model, id }: Place, payload: AdapterPayload, expiresAtMs: number | null): OidcArtifact {
  // The store holds the time of use in a field of its own; a late write must not bring an old value back.
  const kept: AdapterPayload = { ...payload };
  delete kept.consumed;
  if (bearerModels.has(model)) delete kept.jti;
  return {
    model,
    id,
    payloadJson: JSON.stringify(kept),
    personId: ownerOf(payload),
    clientId: payload.clientId ?? null,
    // A sign-in may be another person's, who takes over the browser: it outlives the grants that end with the session before.
    grantId: model === 'Interaction' ? null : (payload.grantId ?? null),
    uid: payload.uid ?? null,
    userCode: payload.userCode ?? null,
    expiresAtMs,
    consumedAtMs: null,
  };
}

export function toPayload(artifact: OidcArtifact | null, id?: string): AdapterPayload | undefined {
  if (artifact === null) return undefined;
  // Written by `toArtifact` only; the provider checks kind and expiry of what it reads.
  const payload = JSON.parse(artifact.payloadJson) as AdapterPayload;
  if (id !== undefined) payload.jti = id;
  if (artifact.consumedAtMs !== null) payload.consumed = Math.floor(artifact.consumedAtMs / 1_000);
  return payload;
}
