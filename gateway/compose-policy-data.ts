import { createDataImpact, type DataImpact } from './app/policy-data/data-impact.ts';
import { createPolicyDataDesk } from './app/policy-data/policy-data-desk.ts';
import type { PolicyDataDesk } from './app/policy-data/types.ts';
import type { EnsurePlan } from './app/policy/ensure-plan.ts';
import type { PolicyLifeParts } from './compose-policy-life.ts';
import type { FileData } from './domain/policy/data/to-policy-data.ts';
import type { SiteMap } from './domain/site/site-map.ts';
import type { PeopleStore } from './ports/people-store.ts';
import type { PolicyLab } from './ports/policy-lab.ts';

export interface PolicyDataParts extends Pick<PolicyLifeParts, 'records' | 'audit' | 'clock' | 'random' | 'policy' | 'authorizeOperator'> {
  readonly policyDataFile: FileData;
  readonly sites: SiteMap;
  readonly people: PeopleStore;
  readonly ensurePlan: EnsurePlan;
  readonly lab: PolicyLab;
  /** Lets every thread that decides read the data anew, and waits for each. */
  readonly reload: () => Promise<void>;
}

/** The policy data, what an import changed while the gateway was not running included. */
export async function composePolicyData(
  parts: PolicyDataParts,
): Promise<{ readonly policyData: PolicyDataDesk; readonly dataImpact: DataImpact }> {
  const { records, policyDataFile: file, reload } = parts;
  const policyData = createPolicyDataDesk({ ...parts, store: records.policyData, file, apply: reload });
  await policyData.absorbImport();
  return { policyData, dataImpact: createDataImpact({ ...parts, store: records.policies }) };
}
