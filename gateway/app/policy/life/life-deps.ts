import type { PolicyData } from '../../../domain/access/policy-data.ts';
import type { AuditRecordOf } from '../../../domain/audit/record.ts';
import type { PolicyRevision } from '../../../domain/policy/revision.ts';
import { transition, type RevisionEvent } from '../../../domain/policy/transition.ts';
import type { AuditLog } from '../../../ports/audit-log.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { PolicyEngine } from '../../../ports/policy-engine.ts';
import type { PolicyLab } from '../../../ports/policy-lab.ts';
import type { PolicyPoint } from '../../../ports/policy-point.ts';
import type { PolicySigner } from '../../../ports/policy-signer.ts';
import type { PolicyStore } from '../../../ports/policy-store.ts';
import type { Random } from '../../../ports/random.ts';
import type { RegoToolchain } from '../../../ports/rego-toolchain.ts';
import type { AuthorizeOperator } from '../../access/types.ts';
import type { CompileRevision } from '../compile-revision.ts';
import type { EnsurePlan } from '../ensure-plan.ts';
import type { ActivationLog } from '../logged-activation.ts';
import type { Command, LifeRefusal, LifeResult, PolicyAction } from './types.ts';

export interface PolicyLifeDeps {
  readonly store: PolicyStore;
  readonly signer: PolicySigner;
  readonly toolchain: RegoToolchain;
  readonly compile: CompileRevision;
  /** So that flips can be traced to the lines of what decided then. */
  readonly ensurePlan: EnsurePlan;
  readonly schemas: Readonly<Record<string, unknown>>;
  readonly lab: PolicyLab;
  /** Every thread that decides, by name. The one of this thread is swapped last: its pointer swap cannot fail. */
  readonly points: { readonly doors: PolicyPoint; readonly main: PolicyPoint };
  readonly policy: Pick<PolicyEngine, 'revision' | 'dataRevision'>;
  readonly currentData: () => Promise<PolicyData>;
  readonly authorizeOperator: AuthorizeOperator;
  readonly audit: Pick<AuditLog, 'append'> & ActivationLog;
  readonly clock: Clock;
  readonly random: Random;
}

export interface Allowed {
  readonly ok: true;
  readonly revision: PolicyRevision;
  readonly decisionId: string;
}

/** Finds the revision and asks the policy whether this operator may do this to it. The decision is on the hash, where there is one. */
export async function allow(deps: PolicyLifeDeps, action: PolicyAction, command: Command): Promise<Allowed | LifeRefusal> {
  const revision = await deps.store.find(command.revisionId);
  if (revision === null) return { ok: false, code: 'resource.unknown' };
  const decision = await deps.authorizeOperator({
    action,
    operator: command.operator,
    target: { type: 'policy', id: revision.revision ?? revision.id },
    reason: command.reason,
    // Whoever wrote it is the first of the two people that an approval takes.
    firstOperatorId: action === 'policy.approve' ? (revision.authorId as Command['operator']['id']) : null,
  });
  if (decision.effect === 'deny') return { ok: false, code: 'request.forbidden', deny: decision };
  return { ok: true, revision, decisionId: decision.id };
}

/** Lets something happen to a revision, stores what it is then, and records it. */
export async function step(
  deps: PolicyLifeDeps,
  from: PolicyRevision,
  event: RevisionEvent,
  record: Pick<PolicyRevisionRecord, 'event'> & Partial<PolicyRevisionRecord>,
): Promise<LifeResult<{ readonly revision: PolicyRevision }>> {
  const moved = transition(from, event);
  if (!moved.ok) return moved;
  if (!(await deps.store.advance(from.state, moved.revision))) return { ok: false, code: 'policy.changed_meanwhile' };
  await append(deps, moved.revision, record);
  return moved;
}

type PolicyRevisionRecord = AuditRecordOf<'policy_revision'>;

export async function append(
  { audit, clock }: { readonly audit: Pick<AuditLog, 'append'>; readonly clock: Clock },
  { id, revision }: Pick<PolicyRevision, 'id' | 'revision'>,
  record: Pick<PolicyRevisionRecord, 'event'> & Partial<PolicyRevisionRecord>,
): Promise<void> {
  await audit.append({
    type: 'policy_revision',
    occurredAtMs: clock.nowMs(),
    revisionId: id,
    revision,
    operatorId: null,
    reason: '',
    detail: '',
    decisionId: null,
    ...record,
  });
}
