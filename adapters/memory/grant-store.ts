import { GatewayError } from '#gateway/domain/errors.ts';
import type { AccessProfile, Grant } from '#gateway/domain/people/person.ts';
import { GRANTS_MAX, PROFILES_MAX, type GrantStore } from '#gateway/ports/grant-store.ts';

interface Limits {
  readonly grantsMax: number;
  readonly profilesMax: number;
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);

/** What the grant store and the policy data store have in common. */
export interface GrantRows {
  profiles: Map<string, AccessProfile>;
  grants: Map<string, Grant>;
  version: number;
}

export const createGrantRows = (): GrantRows => ({ profiles: new Map(), grants: new Map(), version: 0 });

export function createMemoryGrantStore(
  limits: Limits = { grantsMax: GRANTS_MAX, profilesMax: PROFILES_MAX },
  rows: GrantRows = createGrantRows(),
): GrantStore {
  return {
    profiles: async () => [...rows.profiles.values()].sort(byId),
    grants: async () => [...rows.grants.values()].sort(byId),
    saveProfile: async (profile) => {
      if (!rows.profiles.has(profile.id) && rows.profiles.size >= limits.profilesMax) {
        throw new GatewayError('store.conflict', 'There are as many access profiles as there may be.');
      }
      rows.profiles.set(profile.id, profile);
      rows.version += 1;
    },
    saveGrant: async (grant) => {
      if (!rows.profiles.has(grant.profileId)) throw new GatewayError('resource.unknown', 'There is no such access profile.');
      if (!rows.grants.has(grant.id) && rows.grants.size >= limits.grantsMax) {
        throw new GatewayError('store.conflict', 'There are as many grants as there may be.');
      }
      rows.grants.set(grant.id, grant);
      rows.version += 1;
    },
    removeGrant: async (id) => {
      const existed = rows.grants.delete(id);
      if (existed) rows.version += 1;
      return existed;
    },
    version: async () => rows.version,
  };
}
