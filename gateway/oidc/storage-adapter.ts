import { createHash } from 'node:crypto';
import { errors, type Adapter, type AdapterFactory, type AdapterPayload } from 'oidc-provider';
import { GatewayError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { OidcArtifact, OidcStore } from '../ports/oidc-store.ts';

/** Models whose identifier is the bearer secret itself. The store keeps only its hash, so that a copy of the store opens nothing. */
const bearerModels: ReadonlySet<string> = new Set([
  'Session',
  'AuthorizationCode',
  'AccessToken',
  'RefreshToken',
  'DeviceCode',
  'PushedAuthorizationRequest',
]);

function storedId(model: string, id: string): string {
  return bearerModels.has(model) ? createHash('sha256').update(`${model}:${id}`, 'utf8').digest('hex') : id;
}

/** A person's interaction counts as theirs: ending everything of the person ends what they have begun as well. */
function ownerOf(payload: AdapterPayload): string | null {
  return payload.accountId ?? payload.session?.accountId ?? payload.result?.login?.accountId ?? null;
}

function toArtifact(model: string, id: string, payload: AdapterPayload, expiresAtMs: number | null): OidcArtifact {
  // The store holds the time of use in a field of its own; a late write must not bring an old value back.
  const kept: AdapterPayload = { ...payload };
  delete kept.consumed;
  if (bearerModels.has(model)) delete kept.jti;
  return {
    model,
    id: storedId(model, id),
    payloadJson: JSON.stringify(kept),
    personId: ownerOf(payload),
    clientId: payload.clientId ?? null,
    grantId: payload.grantId ?? null,
    uid: payload.uid ?? null,
    userCode: payload.userCode ?? null,
    expiresAtMs,
    consumedAtMs: null,
  };
}

function toPayload(artifact: OidcArtifact | null, id?: string): AdapterPayload | undefined {
  if (artifact === null) return undefined;
  // Written by `toArtifact` only; the provider checks kind and expiry of what it reads.
  const payload = JSON.parse(artifact.payloadJson) as AdapterPayload;
  if (id !== undefined) payload.jti = id;
  if (artifact.consumedAtMs !== null) payload.consumed = Math.floor(artifact.consumedAtMs / 1_000);
  return payload;
}

const accessModels: ReadonlySet<string> = new Set(['Grant', 'AuthorizationCode', 'AccessToken', 'RefreshToken']);

/** A bare session only says who is at the browser; with a grant in it, it is access. */
function carriesAccess(model: string, payload: AdapterPayload): boolean {
  if (model !== 'Session') return accessModels.has(model);
  return Object.values(payload.authorizations ?? {}).some(({ grantId }) => grantId !== undefined);
}

/** What reaches a client in the very answer of the request that stores it. */
const handedOut: ReadonlySet<string> = new Set(['AuthorizationCode', 'AccessToken', 'RefreshToken']);

/** Sign-ins that are under way. Anybody can begin one, so the oldest give way, in steps of TRIM_INTERVAL_WRITES. */
export const INTERACTIONS_MAX = 20_000;
export const TRIM_INTERVAL_WRITES = 200;

interface Deps {
  readonly store: OidcStore;
  readonly clock: Clock;
  /** True when the person is suspended or departed: nothing that carries access may be stored for them. */
  readonly isClosed: (personId: string) => Promise<boolean>;
  readonly interactionsMax?: number;
}

/** OAuth has no code of its own for this; the status says it (RFC 9126 2.3 for pushed requests). */
function toProviderError(failure: unknown): unknown {
  return failure instanceof GatewayError && failure.code === 'request.too_large'
    ? new errors.InvalidRequest('the request is too large', 413)
    : failure;
}

/** The provider's storage over the OidcStore port. */
export function createStorageAdapter({ store, clock, isClosed, interactionsMax = INTERACTIONS_MAX }: Deps): AdapterFactory {
  let writesSinceTrim = TRIM_INTERVAL_WRITES;
  const put = async (artifact: OidcArtifact): Promise<void> => {
    await store.upsert(artifact).catch((failure: unknown) => {
      throw toProviderError(failure);
    });
    if (artifact.model !== 'Interaction') return;
    writesSinceTrim += 1;
    if (writesSinceTrim < TRIM_INTERVAL_WRITES) return;
    writesSinceTrim = 0;
    await store.trim('Interaction', interactionsMax);
  };

  return (model: string): Adapter => ({
    upsert: async (id, payload, expiresInS) => {
      const expiresAtMs = expiresInS === undefined ? null : clock.nowMs() + expiresInS * 1_000;
      const artifact = toArtifact(model, id, payload, expiresAtMs);
      await put(artifact);
      // A request that was permitted just before a suspension may write after it. Looked at after the write: either this sees the
      // new standing, or the suspension's own sweep, which follows the change of standing, sees the write.
      if (artifact.personId !== null && carriesAccess(model, payload) && (await isClosed(artifact.personId))) {
        await store.destroy(model, artifact.id);
        // The answer under way would still carry a signed ID token: it must not be given.
        if (handedOut.has(model)) throw new errors.InvalidGrant('the session has ended');
      }
    },
    find: async (id) => toPayload(await store.find(model, storedId(model, id), clock.nowMs()), id),
    findByUid: async (uid) => toPayload(await store.findByUid(model, uid, clock.nowMs())),
    findByUserCode: async (userCode) => toPayload(await store.findByUserCode(model, userCode, clock.nowMs())),
    consume: async (id) => {
      // The provider looked before; of two requests with the same code, the store lets one through.
      const first = await store.consume(model, storedId(model, id), clock.nowMs());
      if (!first) throw new errors.InvalidGrant('already consumed');
    },
    destroy: async (id) => store.destroy(model, storedId(model, id)),
    revokeByGrantId: async (grantId) => store.destroyByGrant(grantId),
  });
}
