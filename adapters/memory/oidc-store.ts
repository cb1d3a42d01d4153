import { assertOidcGiftFits, assertOidcPayloadFits, type OidcArtifact, type OidcStore, type OidcUse } from '#gateway/ports/oidc-store.ts';

const mapKey = (model: string, id: string): string => `${model} ${id}`;
const isLive = (artifact: OidcArtifact, nowMs: number): boolean => artifact.expiresAtMs === null || artifact.expiresAtMs > nowMs;

/** An artifact without expiry expires last. */
function byExpiry(a: OidcArtifact, b: OidcArtifact): number {
  const byTime = (a.expiresAtMs ?? Number.MAX_SAFE_INTEGER) - (b.expiresAtMs ?? Number.MAX_SAFE_INTEGER);
  return byTime || (a.id < b.id ? -1 : 1);
}

type Reads = Pick<OidcStore, 'find' | 'findByUid' | 'findByUserCode' | 'ofPerson' | 'ofModel' | 'ofClient'>;

function createReads(artifacts: ReadonlyMap<string, OidcArtifact>): Reads {
  const findWhere = (nowMs: number, matches: (artifact: OidcArtifact) => boolean): OidcArtifact | null =>
    [...artifacts.values()].find((artifact) => isLive(artifact, nowMs) && matches(artifact)) ?? null;
  return {
    find: async (model, id, nowMs) => {
      const found = artifacts.get(mapKey(model, id));
      return found !== undefined && isLive(found, nowMs) ? found : null;
    },
    findByUid: async (model, uid, nowMs) => findWhere(nowMs, (artifact) => artifact.model === model && artifact.uid === uid),
    findByUserCode: async (model, userCode, nowMs) =>
      findWhere(nowMs, (artifact) => artifact.model === model && artifact.userCode === userCode),
    ofPerson: async (model, personId, nowMs) =>
      [...artifacts.values()]
        .filter((artifact) => artifact.model === model && artifact.personId === personId && isLive(artifact, nowMs))
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    ofModel: async (model, { afterId, limit }, nowMs) =>
      [...artifacts.values()]
        .filter((artifact) => artifact.model === model && isLive(artifact, nowMs) && (afterId === null || artifact.id > afterId))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit),
    ofClient: async (clientId, limit, nowMs) =>
      [...artifacts.values()]
        .filter((artifact) => artifact.clientId === clientId && isLive(artifact, nowMs))
        .sort((a, b) => (mapKey(a.model, a.id) < mapKey(b.model, b.id) ? -1 : 1))
        .slice(0, limit),
  };
}

function createPut(artifacts: Map<string, OidcArtifact>): (artifact: OidcArtifact) => void {
  return (artifact) => {
    // Once used, always used: a late write of the provider must not make a one-time artifact usable again.
    const consumedAtMs = artifacts.get(mapKey(artifact.model, artifact.id))?.consumedAtMs ?? artifact.consumedAtMs;
    artifacts.set(mapKey(artifact.model, artifact.id), { ...artifact, consumedAtMs });
  };
}

function createUses(artifacts: Map<string, OidcArtifact>): Pick<OidcStore, 'consume' | 'exchange' | 'undoExchange'> {
  const put = createPut(artifacts);
  const use = ({ id, model, nowMs }: OidcUse): boolean => {
    const found = artifacts.get(mapKey(model, id));
    if (found === undefined || !isLive(found, nowMs) || found.consumedAtMs !== null) return false;
    artifacts.set(mapKey(model, id), { ...found, consumedAtMs: nowMs });
    return true;
  };

  return {
    consume: async (model, id, nowMs) => use({ model, id, nowMs }),
    exchange: async (used, given) => {
      assertOidcGiftFits(given);
      const isFirst = use(used);
      if (isFirst) given.forEach(put);
      return isFirst;
    },
    undoExchange: async ({ id, model, nowMs }, given) => {
      for (const one of given) artifacts.delete(mapKey(one.model, one.id));
      const found = artifacts.get(mapKey(model, id));
      if (found?.consumedAtMs === nowMs) artifacts.set(mapKey(model, id), { ...found, consumedAtMs: null });
    },
  };
}

export function createMemoryOidcStore(): OidcStore {
  const artifacts = new Map<string, OidcArtifact>();
  const removeWhere = (limit: number, matches: (artifact: OidcArtifact) => boolean): readonly OidcArtifact[] => {
    const removed = [...artifacts.values()].filter(matches).slice(0, limit);
    for (const artifact of removed) artifacts.delete(mapKey(artifact.model, artifact.id));
    return removed;
  };

  const put = createPut(artifacts);

  return {
    isWritable: () => true,
    upsert: async (artifact) => {
      assertOidcPayloadFits(artifact.payloadJson);
      put(artifact);
    },
    replacePayload: async ({ model, id, from, to }) => {
      assertOidcPayloadFits(to);
      const stored = artifacts.get(mapKey(model, id));
      if (stored?.payloadJson !== from) return false;
      artifacts.set(mapKey(model, id), { ...stored, payloadJson: to });
      return true;
    },
    ...createReads(artifacts),
    ...createUses(artifacts),
    destroy: async (model, id) => {
      artifacts.delete(mapKey(model, id));
    },
    destroyByGrant: async (grantId) => {
      removeWhere(Number.POSITIVE_INFINITY, (artifact) => artifact.grantId === grantId);
    },
    destroyOfPerson: async (personId) => {
      const counts: Record<string, number> = {};
      for (const { model } of removeWhere(Number.POSITIVE_INFINITY, (artifact) => artifact.personId === personId)) {
        counts[model] = (counts[model] ?? 0) + 1;
      }
      return counts;
    },
    trim: async (model, keptMax) => {
      const firstToExpire = [...artifacts.values()].filter((artifact) => artifact.model === model).sort(byExpiry);
      const kept = new Set(firstToExpire.slice(Math.max(0, firstToExpire.length - keptMax)));
      return removeWhere(firstToExpire.length, (artifact) => artifact.model === model && !kept.has(artifact)).length;
    },
    sweep: async (nowMs, limit) => removeWhere(limit, (artifact) => !isLive(artifact, nowMs)).length,
  };
}
