import { z } from 'zod';
import { parseDecision } from '../../domain/access/decision.ts';
import { decisionInputSchema, type DecisionInput } from '../../domain/access/decision-input.ts';
import type { ObligationId } from '../../domain/access/obligation.ts';
import type { DecisionId } from '../../domain/site/ids.ts';
import type { PolicyEngine } from '../../ports/policy-engine.ts';
import type { PersonParts } from './question-input.ts';

const utf8 = new TextEncoder();

const { subject } = decisionInputSchema.shape;
const { credential, authentication, presence } = decisionInputSchema.shape.context.shape;
const personPartsSchema = z.strictObject({ subject, credential, authentication, presence });

/**
 * What the policy would answer, through the same gates as a decision: the obligations of a permit, null for a deny. It is recorded
 * nowhere and has no id, so that nothing can be opened by it. What is common to all people is checked and written once.
 * @throws policy.evaluation_failed: a search that cannot ask must not say that nobody may
 */
export function createHypothesis(
  policy: Pick<PolicyEngine, 'evaluate' | 'revision'>,
  common: DecisionInput,
  understands: readonly ObligationId[],
): (parts: PersonParts) => readonly ObligationId[] | null {
  const isValid = decisionInputSchema.safeParse(common).success;
  const stamp = { id: 'hypothesis' as DecisionId, policyRevision: policy.revision, epoch: common.context.epoch };
  const toJson = createWriter(common);
  return (parts) => {
    if (!isValid || !personPartsSchema.safeParse(parts).success) return null;
    const answer = policy.evaluate(utf8.encode(toJson(parts)));
    if (!saysAllow(answer)) return null;
    const decision = parseDecision(answer, stamp, understands);
    return decision.effect === 'permit' ? decision.obligations.map(({ id }) => id) : null;
  };
}

/** Whatever does not say so is a deny; what does is still read as strictly as an answer that opens something. */
const saysAllow = (answer: unknown): boolean => typeof answer === 'object' && answer !== null && 'allow' in answer && answer.allow === true;

/** The input as JSON: text of what is common, with the parts of a person put in. */
function createWriter({ action, resource, context }: DecisionInput): (parts: PersonParts) => string {
  // What has no value is not written.
  const rest = JSON.stringify({ ...context, credential: undefined, authentication: undefined, presence: undefined });
  const head = `{"action":${JSON.stringify(action)},"resource":${JSON.stringify(resource)},"context":${rest.slice(0, -1)}`;
  return (parts) =>
    `${head},"credential":${JSON.stringify(parts.credential)},"authentication":${JSON.stringify(parts.authentication)},` +
    `"presence":${JSON.stringify(parts.presence)}},"subject":${JSON.stringify(parts.subject)}}`;
}
