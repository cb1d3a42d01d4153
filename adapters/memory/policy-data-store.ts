import { GatewayError } from '#gateway/domain/errors.ts';
import { toGrant, toGrantItems, toProfile, toProfileItems } from '#gateway/domain/policy/data/grant-items.ts';
import { EMPTY_DOCUMENT, type PolicyDocument } from '#gateway/domain/policy/data/items.ts';
import type { DataVersion } from '#gateway/domain/policy/data/version.ts';
import { DATA_VERSIONS_MAX, type CurrentData, type PolicyDataStore } from '#gateway/ports/policy-data-store.ts';
import { GRANTS_MAX, PROFILES_MAX } from '#gateway/ports/grant-store.ts';
import { createGrantRows, type GrantRows } from './grant-store.ts';

interface Kept {
  readonly entry: DataVersion;
  readonly document: PolicyDocument;
  readonly grantsVersion: number;
}

/** Over the rows of a memory grant store. */
export function createMemoryPolicyDataStore(
  rows: GrantRows = createGrantRows(),
  limits = { versionsMax: DATA_VERSIONS_MAX, grantsMax: GRANTS_MAX, profilesMax: PROFILES_MAX },
): PolicyDataStore {
  const kept: Kept[] = [];
  const current = (): CurrentData => {
    const last = kept.at(-1);
    const imported = { profiles: toProfileItems([...rows.profiles.values()]), grants: toGrantItems([...rows.grants.values()]) };
    return {
      version: last?.entry.version ?? 0,
      document: structuredClone({ ...(last?.document ?? EMPTY_DOCUMENT), ...imported }),
      grantsVersion: rows.version,
      isRecorded: rows.version === (last?.grantsVersion ?? 0),
    };
  };
  return {
    current: async () => current(),
    commit: async ({ from, document, entry }) => {
      const now = current();
      if (now.version !== from.version || now.grantsVersion !== from.grantsVersion) return false;
      if (Object.keys(document.grants).length > limits.grantsMax || Object.keys(document.profiles).length > limits.profilesMax) {
        throw new GatewayError('store.conflict', 'There are as many grants or profiles as there may be.');
      }
      rows.profiles = new Map(Object.entries(document.profiles).map(([id, item]) => [id, toProfile(id, item)]));
      rows.grants = new Map(Object.entries(document.grants).map(([id, item]) => [id, toGrant(id, item)]));
      rows.version += 1;
      kept.push(structuredClone({ entry, document, grantsVersion: rows.version }));
      if (kept.length > limits.versionsMax) kept.shift();
      return true;
    },
    versions: async ({ before, limit }) =>
      kept
        .map(({ entry }) => entry)
        .filter(({ version }) => before === null || version < before)
        .reverse()
        .slice(0, limit),
    at: async (version) =>
      version === 0 ? EMPTY_DOCUMENT : structuredClone(kept.find(({ entry }) => entry.version === version)?.document ?? null),
  };
}
