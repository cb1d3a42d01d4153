import { parseDecision, type Decision } from '../../../domain/access/decision.ts';
import { canonicalJson } from '../../../domain/canonical-json.ts';
import type { DecisionRecord } from '../../../domain/audit/record.ts';
import type { FlipKind, Outcome } from '../../../domain/policy/impact-report.ts';
import { understoodObligations } from '../../../domain/policy/understood-obligations.ts';
import type { DecisionId } from '../../../domain/site/ids.ts';

type Decided = Pick<DecisionRecord, 'effect' | 'reasons' | 'permits' | 'obligations'>;

export function recordedOutcome({ effect, reasons, permits, obligations }: Decided): Outcome {
  return {
    effect,
    codes: [...(effect === 'deny' ? reasons : permits)].sort(),
    obligations: obligations.map((obligation) => canonicalJson(obligation)).sort(),
  };
}

const STAMP = { id: 'dec_replay' as DecisionId, policyRevision: '', epoch: 0 };

type Input = NonNullable<DecisionRecord['input']>;

/** What the gateway would have made of an answer, for the enforcement point that asked; `understands` as the record has it. */
export function answeredOutcome(answer: unknown, input: Input, understands: DecisionRecord['understands']): Outcome {
  return decidedOutcome(parseDecision(answer, STAMP, understands ?? understoodObligations(input)));
}

function decidedOutcome(decision: Decision): Outcome {
  return decision.effect === 'deny'
    ? recordedOutcome({ effect: 'deny', reasons: [...decision.reasons], permits: [], obligations: [] })
    : recordedOutcome({ effect: 'permit', reasons: [], permits: [...decision.permits], obligations: [...decision.obligations] });
}

/** An evaluation that threw is a deny. */
export const FAILED_OUTCOME: Outcome = { effect: 'deny', codes: ['pdp.unavailable'], obligations: [] };

/** Null when both are the same. */
export function flipKind(before: Outcome, after: Outcome): FlipKind | null {
  if (before.effect !== after.effect) return before.effect === 'permit' ? 'permit_to_deny' : 'deny_to_permit';
  if (!isSame(before.codes, after.codes)) return 'reasons_changed';
  return isSame(before.obligations, after.obligations) ? null : 'obligations_changed';
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((each, index) => each === right[index]);
}
