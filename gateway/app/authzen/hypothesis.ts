import { parseDecision } from '../../domain/access/decision.ts';
import { decisionInputSchema, type DecisionInput } from '../../domain/access/decision-input.ts';
import type { ObligationId } from '../../domain/access/obligation.ts';
import type { DecisionId } from '../../domain/site/ids.ts';
import type { PolicyEngine } from '../../ports/policy-engine.ts';

const utf8 = new TextEncoder();

/**
 * What the policy would answer, through the same gates as a decision: the obligations of a permit, null for a deny. It is recorded
 * nowhere and has no id, so that nothing can be opened by it.
 * @throws policy.evaluation_failed: a search that cannot ask must not say that nobody may
 */
export function wouldPermit(
  policy: Pick<PolicyEngine, 'evaluate' | 'revision'>,
  input: DecisionInput,
  understands: readonly ObligationId[],
): readonly ObligationId[] | null {
  const checked = decisionInputSchema.safeParse(input);
  if (!checked.success) return null;
  const stamp = { id: 'hypothesis' as DecisionId, policyRevision: policy.revision, epoch: input.context.epoch };
  const decision = parseDecision(policy.evaluate(utf8.encode(JSON.stringify(checked.data))), stamp, understands);
  return decision.effect === 'permit' ? decision.obligations.map(({ id }) => id) : null;
}
