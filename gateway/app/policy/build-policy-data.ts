import { DEFAULT_OPERATOR_ROLES, policyDataSchema, toPolicyEndMs, type PolicyData } from '../../domain/access/policy-data.ts';
import type { AccessProfile, Grant } from '../../domain/people/person.ts';
import { toPolicyData, type FileData } from '../../domain/policy/data/to-policy-data.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { PolicyDataStore } from '../../ports/policy-data-store.ts';
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
    valid_until_ms: toPolicyEndMs(grant.validUntilMs),
  };
}

/** The policy data of now, laid over what the configuration file says. */
export function createCurrentData(deps: {
  readonly policyData: Pick<PolicyDataStore, 'current'>;
  readonly file: FileData;
  readonly sites: Pick<SiteMap, 'installation' | 'areaChain'>;
}): () => Promise<PolicyData> {
  return async () => toPolicyData((await deps.policyData.current()).document, deps.file, deps.sites);
}

/**
 * Reads the data of now, keeps it, so that what is decided by it can be decided again, and swaps the engine's; on failure the engine has
 * what it had. @throws store.unavailable, policy.load_failed
 */
export function createReloadPolicyData(deps: {
  readonly currentData: () => Promise<PolicyData>;
  readonly policy: Pick<PolicyEngine, 'setData'>;
  readonly keepData: (data: PolicyData) => Promise<unknown>;
}): () => Promise<void> {
  return async () => {
    const data = await deps.currentData();
    await deps.keepData(data);
    deps.policy.setData(data);
  };
}
