import type { Decision } from '../../domain/access/decision.ts';
import type { Obligation } from '../../domain/access/obligation.ts';
import { explainReason } from '../../domain/access/reason-text.ts';
import type { Evaluation } from './types.ts';

/** AuthZEN's obligations draft: a type that every enforcement point can know, and ours as properties. */
function toObligation(obligation: Obligation) {
  const { id, ...properties } = obligation;
  return { id, type: id === 'step_up' ? 'step-up' : 'custom', properties };
}

/** A decision in AuthZEN's words. The reason for the user holds nothing personal; the one for the admin is codes. */
export function toEvaluation(decision: Decision): Evaluation {
  const stamp = { decision_id: decision.id, policy_revision: decision.policyRevision };
  if (decision.effect === 'deny') {
    const [first] = decision.reasons;
    const { message, remedy } = explainReason(first);
    return {
      kind: 'decided',
      decision: false,
      context: { ...stamp, reason_admin: { en: decision.reasons.join(', ') }, reason_user: { en: `${message} ${remedy}` } },
    };
  }
  const { obligations } = decision;
  const acrValues = obligations.flatMap((obligation) => (obligation.id === 'step_up' ? [obligation.acr] : []));
  return {
    kind: 'decided',
    decision: true,
    context: {
      ...stamp,
      reason_admin: { en: decision.permits.join(', ') },
      ...(decision.ttlS > 0 ? { ttl_s: decision.ttlS } : {}),
      // Nothing absent is written as an empty list.
      ...(obligations.length > 0 ? { obligations: obligations.map(toObligation) } : {}),
      ...(acrValues.length > 0 ? { acr_values: acrValues.join(' ') } : {}),
    },
  };
}
