import type { Deny } from '../../domain/access/decision.ts';
import type { AuditRecordOf } from '../../domain/audit/record.ts';
import type { DecisionId, PersonId } from '../../domain/site/ids.ts';
import type { Operator } from '../access/types.ts';

export type RevocationReceipt = Omit<AuditRecordOf<'revocation_receipt'>, 'type' | 'occurredAtMs'>;

export interface StandingCommand {
  readonly personId: PersonId;
  readonly operator: Operator;
  /** 3..500 characters. */
  readonly reason: string;
}

export type SuspendOutcome =
  | { readonly ok: true; readonly decisionId: DecisionId; readonly receipt: RevocationReceipt }
  | { readonly ok: false; readonly code: 'resource.unknown' }
  | { readonly ok: false; readonly code: 'request.forbidden'; readonly deny: Deny };

/** Fences first (standing and epoch in one transaction), then closes doors and sessions. Never rolled back. Idempotent; whoever has departed stays so. */
export type SuspendPerson = (command: StandingCommand) => Promise<SuspendOutcome>;

export type ReinstateOutcome =
  | { readonly ok: true; readonly state: 'waiting_for_second_operator'; readonly decisionId: DecisionId; readonly expiresAtMs: number }
  | { readonly ok: true; readonly state: 'reinstated'; readonly decisionId: DecisionId; readonly epoch: number }
  | { readonly ok: false; readonly code: 'resource.unknown' | 'request.conflict' }
  | { readonly ok: false; readonly code: 'request.forbidden'; readonly deny: Deny };

/** Needs two different operators within the request's life time; the policy refuses the same one twice. */
export type ReinstatePerson = (command: StandingCommand) => Promise<ReinstateOutcome>;
