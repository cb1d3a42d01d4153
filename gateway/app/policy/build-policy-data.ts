import { DEFAULT_OPERATOR_ROLES, policyDataSchema, type PolicyData } from '../../domain/access/policy-data.ts';
import type { AccessProfile, Grant } from '../../domain/people/person.ts';
import type { GrantStore } from '../../ports/grant-store.ts';
import type { PolicyEngine } from '../../ports/policy-engine.ts';

export type Schedules = PolicyData['gatehouse']['schedules'];

/** Grants, profiles and schedules in the shape that the policy reads. @throws ZodError when a row does not fit the data schema. */
export function buildPolicyData(profiles: readonly AccessProfile[], grants: readonly Grant[], schedules: Schedules): PolicyData {
  const byHolder = Map.groupBy(grants, ({ holder }) => `${holder.kind}:${holder.id}`);
  return policyDataSchema.parse({
    gatehouse: {
      profiles: Object.fromEntries(
        profiles.map(({ id, resources }) => [id, Object.fromEntries(resources.map((ref) => [`${ref.kind}:${ref.id}`, true]))]),
      ),
      grants: Object.fromEntries([...byHolder].map(([holder, held]) => [holder, held.map(toPolicyGrant)])),
      schedules,
      operator_roles: Object.fromEntries(Object.entries(DEFAULT_OPERATOR_ROLES).map(([role, actions]) => [role, [...actions]])),
    },
  });
}

function toPolicyGrant(grant: Grant): PolicyData['gatehouse']['grants'][string][number] {
  return {
    id: grant.id,
    profile: grant.profileId,
    schedule: grant.schedule,
    valid_from_ms: grant.validFromMs ?? 0,
    valid_until_ms: grant.validUntilMs ?? 0,
  };
}

/** Reads the grants and swaps the engine's data; on failure the engine keeps what it had. @throws store.unavailable, policy.load_failed */
export function createReloadPolicyData(deps: {
  readonly grants: GrantStore;
  readonly policy: PolicyEngine;
  readonly schedules: Schedules;
}): () => Promise<void> {
  return async () => {
    const [profiles, grants] = await Promise.all([deps.grants.profiles(), deps.grants.grants()]);
    deps.policy.setData(buildPolicyData(profiles, grants, deps.schedules));
  };
}
