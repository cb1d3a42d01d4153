import { GatewayError } from '#gateway/domain/errors.ts';
import type { AccessProfile, Grant } from '#gateway/domain/people/person.ts';
import type { GrantId, ProfileId } from '#gateway/domain/site/ids.ts';
import { GRANTS_MAX, PROFILES_MAX, type GrantStore } from '#gateway/ports/grant-store.ts';

interface Limits {
  readonly grantsMax: number;
  readonly profilesMax: number;
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);

export function createMemoryGrantStore(limits: Limits = { grantsMax: GRANTS_MAX, profilesMax: PROFILES_MAX }): GrantStore {
  const profiles = new Map<ProfileId, AccessProfile>();
  const grants = new Map<GrantId, Grant>();
  let version = 0;

  return {
    profiles: async () => [...profiles.values()].sort(byId),
    grants: async () => [...grants.values()].sort(byId),
    saveProfile: async (profile) => {
      if (!profiles.has(profile.id) && profiles.size >= limits.profilesMax) {
        throw new GatewayError('store.conflict', 'There are as many access profiles as there may be.');
      }
      profiles.set(profile.id, profile);
      version += 1;
    },
    saveGrant: async (grant) => {
      if (!profiles.has(grant.profileId)) throw new GatewayError('resource.unknown', 'There is no such access profile.');
      if (!grants.has(grant.id) && grants.size >= limits.grantsMax) {
        throw new GatewayError('store.conflict', 'There are as many grants as there may be.');
      }
      grants.set(grant.id, grant);
      version += 1;
    },
    removeGrant: async (id) => {
      const existed = grants.delete(id);
      if (existed) version += 1;
      return existed;
    },
    version: async () => version,
  };
}
