import { z } from 'zod';
import { createExactCheck } from '../exact-check.ts';
import type { DecisionId } from '../site/ids.ts';
import { tryParse } from '../try-parse.ts';
import { obligationSchema, type Obligation, type ObligationId } from './obligation.ts';
import { permitCodeSchema, policyReasonCodeSchema, type PermitCode, type ReasonCode } from './reason-code.ts';

/**
 * The exact answer that the policy must give. `policies/schema/decision.schema.json` is generated from it.
 * `ttl_s` bounds how long an enforcement point may rely on a permit before it asks again.
 */
export const policyAnswerSchema = z.strictObject({
  allow: z.boolean(),
  permits: z.array(permitCodeSchema).max(16),
  denies: z.array(policyReasonCodeSchema).max(32),
  obligations: z.array(obligationSchema).max(8),
  ttl_s: z.int().min(0).max(86_400),
});
export type PolicyAnswer = z.infer<typeof policyAnswerSchema>;
const isExactAnswer = createExactCheck(policyAnswerSchema);

interface Stamp {
  readonly id: DecisionId;
  readonly policyRevision: string;
  /** Revocation epoch under which it was decided. */
  readonly epoch: number;
}

export interface Permit extends Stamp {
  readonly effect: 'permit';
  readonly permits: readonly PermitCode[];
  readonly obligations: readonly Obligation[];
  readonly ttlS: number;
}

/** A deny without a reason cannot be written. */
export interface Deny extends Stamp {
  readonly effect: 'deny';
  readonly reasons: readonly [ReasonCode, ...ReasonCode[]];
  /** Set with `audit.unavailable`: what the policy had answered. Only an act that closes access may go by it. */
  readonly unrecorded?: Decision['effect'];
}

export type Decision = Permit | Deny;

export function denyBecause(stamp: Stamp, first: ReasonCode, ...rest: readonly ReasonCode[]): Deny {
  return { ...stamp, effect: 'deny', reasons: [first, ...rest] };
}

/**
 * Reads a policy answer. Anything but an exact permit without a deny, whose obligations the enforcement point all understands,
 * is a deny: an answer that allows *and* gives a reason is contradictory, one that denies without a reason is malformed.
 */
export function parseDecision(raw: unknown, stamp: Stamp, understands: readonly ObligationId[]): Decision {
  const answer = isExactAnswer(raw) ? (raw as PolicyAnswer) : tryParse(policyAnswerSchema, raw).data;
  if (answer === undefined) return denyBecause(stamp, 'pdp.answer_invalid');
  const [first, ...rest] = answer.denies;
  if (!answer.allow) return first === undefined ? denyBecause(stamp, 'pdp.answer_invalid') : denyBecause(stamp, first, ...rest);
  if (first !== undefined || answer.permits.length === 0) return denyBecause(stamp, 'pdp.answer_invalid');
  if (answer.obligations.some((obligation) => !understands.includes(obligation.id))) return denyBecause(stamp, 'obligation.unsupported');
  return { ...stamp, effect: 'permit', permits: answer.permits, obligations: answer.obligations, ttlS: answer.ttl_s };
}
