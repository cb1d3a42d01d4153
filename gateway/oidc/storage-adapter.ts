import { createHash } from 'node:crypto';
import { errors, type Adapter, type AdapterFactory, type AdapterPayload } from 'oidc-provider';
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

interface Deps {
  readonly store: OidcStore;
  readonly clock: Clock;
  /** True when the person is suspended or departed: nothing that carries access may be stored for them. */
  readonly isClosed: (personId: string) => Promise<boolean>;
}

/** The provider's storage over the OidcStore port. */
export function createStorageAdapter({ store, clock, isClosed }: Deps): AdapterFactory {
  return (model: string): Adapter => ({
    upsert: async (id, payload, expiresInS) => {
      const expiresAtMs = expiresInS === undefined ? null : clock.nowMs() + expiresInS * 1_000;
      const artifact = toArtifact(model, id, payload, expiresAtMs);
      await store.upsert(artifact);
      // A request that was permitted just before a suspension may write after it. Looked at after the write: either this sees the
      // new standing, or the suspension's own sweep, which follows the change of standing, sees the write.
      if (artifact.personId !== null && carriesAccess(model, payload) && (await isClosed(artifact.personId))) {
        await store.destroy(model, artifact.id);
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
