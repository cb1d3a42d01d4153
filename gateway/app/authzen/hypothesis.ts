import { z } from 'zod';
import { parseDecision } from '../../domain/access/decision.ts';
import { decisionInputSchema, type DecisionInput } from '../../domain/access/decision-input.ts';
import type { ObligationId } from '../../domain/access/obligation.ts';
import type { DecisionId } from '../../domain/site/ids.ts';
import { tryParse } from '../../domain/try-parse.ts';
import type { PersonParts } from './question-input.ts';
import type { AskAbout } from './search-policy.ts';

const { subject } = decisionInputSchema.shape;
const { credential, authentication, presence } = decisionInputSchema.shape.context.shape;
const personPartsSchema = z.strictObject({ subject, credential, authentication, presence });

/**
 * What the policy would answer, through the same gates as a decision: the obligations of a permit, null for a deny. It is recorded
 * nowhere and has no id, so that nothing can be opened by it. What is common to all people is checked once.
 * @throws policy.evaluation_failed: a search that cannot ask must not say that nobody may
 */
export function createHypothesis(
  asked: { readonly ask: AskAbout; readonly policyRevision: string; readonly understands: readonly ObligationId[] },
  common: DecisionInput,
): (parts: PersonParts) => readonly ObligationId[] | null {
  const isValid = tryParse(decisionInputSchema, common).success;
  const stamp = { id: 'hypothesis' as DecisionId, policyRevision: asked.policyRevision, epoch: common.context.epoch };
  return (parts) => {
    if (!isValid || !tryParse(personPartsSchema, parts).success) return null;
    const answer = asked.ask(parts);
    if (!saysAllow(answer)) return null;
    const decision = parseDecision(answer, stamp, asked.understands);
    return decision.effect === 'permit' ? decision.obligations.map(({ id }) => id) : null;
  };
}

/** Whatever does not say so is a deny; what does is still read as strictly as an answer that opens something. */
const saysAllow = (answer: unknown): boolean => typeof answer === 'object' && answer !== null && 'allow' in answer && answer.allow === true;
