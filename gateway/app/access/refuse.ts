import { denyBecause, type Deny } from '../../domain/access/decision.ts';
import type { ActionName } from '../../domain/access/action-name.ts';
import type { DecisionContext, ResourceFacts } from '../../domain/access/decision-input.ts';
import type { GatewayReasonCode } from '../../domain/access/reason-code.ts';
import type { DecisionId, PersonId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PolicyEngine } from '../../ports/policy-engine.ts';
import type { Random } from '../../ports/random.ts';

export interface Refusal {
  /** `unknown` = the asking enforcement point named none of ours. */
  readonly action: ActionName | 'unknown';
  readonly channel: DecisionContext['channel'];
  readonly personId: PersonId | null;
  readonly resource: { readonly type: ResourceFacts['type'] | 'unknown'; readonly id: string };
  readonly reason: GatewayReasonCode | 'policy.no_permit' | 'subject.unknown';
}

/** Denies what the policy cannot even be asked, and records it. Never throws. */
export type Refuse = (refusal: Refusal) => Promise<Deny>;

export interface RefuseDeps {
  readonly policy: Pick<PolicyEngine, 'revision' | 'dataRevision'>;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
}

export function createRefuse(deps: RefuseDeps): Refuse {
  return async (refusal) => {
    const deny = denyBecause({ id: deps.random.id('dec') as DecisionId, policyRevision: deps.policy.revision, epoch: 0 }, refusal.reason);
    await deps.audit
      .append({
        type: 'decision',
        occurredAtMs: deps.clock.nowMs(),
        decisionId: deny.id,
        channel: refusal.channel,
        action: refusal.action,
        personId: refusal.personId,
        resourceType: refusal.resource.type,
        resourceId: refusal.resource.id,
        effect: 'deny',
        reasons: [refusal.reason],
        permits: [],
        obligations: [],
        policyRevision: deny.policyRevision,
        dataRevision: deps.policy.dataRevision,
        epoch: 0,
        mode: 'online',
        latencyUs: 0,
        operatorReason: null,
        input: null,
      })
      .catch(() => undefined); // A deny already: a log that fails makes nothing more permissive.
    return deny;
  };
}
