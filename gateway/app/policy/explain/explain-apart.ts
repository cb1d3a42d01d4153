import type { AuditReader } from '../../../ports/audit-log.ts';
import type { PolicyExplainer } from '../../../ports/policy-lab.ts';
import type { EnsurePlan } from '../ensure-plan.ts';
import type { ExplainDecision } from './explain-decision.ts';

export interface ExplainApartDeps {
  readonly log: Pick<AuditReader, 'ofDecision'>;
  readonly ensurePlan: EnsurePlan;
  readonly explainer: PolicyExplainer;
}

/**
 * Explains in a thread of its own: 0.1 to 0.4 s of evaluations would be as long a pause for every login. Only the plan of the policy is made
 * here, where the compiler is.
 */
export function createExplainApart({ log, ensurePlan, explainer }: ExplainApartDeps): ExplainDecision {
  return async (decisionId) => {
    const records = (await log.ofDecision(decisionId)).map(({ record }) => record);
    const decision = records.find((record) => record.type === 'decision');
    if (decision === undefined) return null;
    await ensurePlan(decision.policyRevision);
    return explainer.explain(decisionId);
  };
}
