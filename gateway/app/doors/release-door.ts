import type { Deny } from '../../domain/access/decision.ts';
import type { DecisionId, DoorId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DoorNode, ReleaseResult } from '../../ports/door-node.ts';
import type { AuthorizeOperator, Operator } from '../access/types.ts';

export interface ReleaseCommand {
  readonly doorId: DoorId;
  readonly operator: Operator;
  /** 3..500 characters. */
  readonly reason: string;
}

export type ReleaseOutcome =
  { readonly ok: true; readonly decisionId: DecisionId; readonly result: ReleaseResult } | { readonly ok: false; readonly deny: Deny };

/** Opens a door once from the console: decided and recorded like a badge, with the operator's reason. */
export type ReleaseDoor = (command: ReleaseCommand) => Promise<ReleaseOutcome>;

export interface ReleaseDoorDeps {
  readonly authorizeOperator: AuthorizeOperator;
  readonly doorNode: DoorNode;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

export function createReleaseDoor(deps: ReleaseDoorDeps): ReleaseDoor {
  return async ({ doorId, operator, reason }) => {
    const target = { type: 'door', id: doorId } as const;
    const decision = await deps.authorizeOperator({ action: 'door.operate', operator, target, reason, firstOperatorId: null });
    if (decision.effect === 'deny') return { ok: false, deny: decision };
    const result = await deps.doorNode.release(doorId, decision.id);
    // The door node records its own outcomes; one that does not answer cannot.
    if (!result.ok && result.code === 'door.node_lost') {
      await deps.audit.append({
        type: 'outcome',
        occurredAtMs: deps.clock.nowMs(),
        decisionId: decision.id,
        resourceId: doorId,
        personId: null,
        outcome: 'unlock_failed',
        detail: result.code,
      });
    }
    return { ok: true, decisionId: decision.id, result };
  };
}
