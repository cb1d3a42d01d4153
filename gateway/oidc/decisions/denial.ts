import type { Decision, Deny } from '../../domain/access/decision.ts';
import type { Obligation } from '../../domain/access/obligation.ts';
import type { ReasonCode } from '../../domain/access/reason-code.ts';

/** Printable ASCII without quotes and backslash, as RFC 6749 wants of error_description: codes and ids only. */
export function describeDenial(reason: ReasonCode, decisionId: string): string {
  return `access denied: ${reason} (${decisionId})`;
}

/** Reads a decision at a place that cannot fulfil any obligation: a permit with one is a deny there. */
export function denyOf(decision: Decision): Deny | null {
  if (decision.effect === 'deny') return decision;
  if (decision.obligations.length === 0) return null;
  return {
    id: decision.id,
    policyRevision: decision.policyRevision,
    epoch: decision.epoch,
    effect: 'deny',
    reasons: ['obligation.unsupported'],
  };
}

export function stepUpOf(obligations: readonly Obligation[]): Extract<Obligation, { id: 'step_up' }> | null {
  return obligations.find((obligation) => obligation.id === 'step_up') ?? null;
}
