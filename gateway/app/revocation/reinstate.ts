import { z } from 'zod';
import type { PersonId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OneTimeStore } from '../../ports/one-time-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { AuthorizeOperator } from '../access/types.ts';
import type { ReinstateOutcome, ReinstatePerson, StandingCommand } from './types.ts';

export interface ReinstateDeps {
  readonly people: PeopleStore;
  readonly oneTime: OneTimeStore;
  readonly audit: AuditLog;
  readonly authorizeOperator: AuthorizeOperator;
  readonly clock: Clock;
  /** How long a first operator's request waits for the second, ms. */
  readonly requestTtlMs: number;
}

const requestSchema = z.strictObject({ operatorId: z.string(), reason: z.string(), expiresAtMs: z.int() });
export type ReinstatementRequest = z.infer<typeof requestSchema>;

/** The waiting request of a first operator, or null. */
export async function findReinstatementRequest(
  deps: Pick<ReinstateDeps, 'oneTime' | 'clock'>,
  personId: PersonId,
): Promise<ReinstatementRequest | null> {
  const payload = await deps.oneTime.peek('reinstatement', personId, deps.clock.nowMs());
  return payload === null ? null : requestSchema.parse(JSON.parse(payload));
}

export function createReinstatePerson(deps: ReinstateDeps): ReinstatePerson {
  return async (command) => {
    const person = await deps.people.find(command.personId);
    if (person === null) return { ok: false, code: 'resource.unknown' };
    if (person.standing !== 'suspended') return { ok: false, code: 'request.conflict' };
    const first = await findReinstatementRequest(deps, command.personId);
    const decision = await deps.authorizeOperator({
      action: 'person.reinstate',
      operator: command.operator,
      target: { type: 'person', id: command.personId },
      reason: command.reason,
      firstOperatorId: first === null ? null : (first.operatorId as PersonId), // Written below from an operator's id.
    });
    if (decision.effect === 'deny') return { ok: false, code: 'request.forbidden', deny: decision };
    return first === null ? request(deps, command, decision.id) : complete(deps, { command, decisionId: decision.id });
  };
}

async function request(
  deps: ReinstateDeps,
  command: StandingCommand,
  decisionId: Extract<ReinstateOutcome, { state: 'reinstated' }>['decisionId'],
): Promise<ReinstateOutcome> {
  const nowMs = deps.clock.nowMs();
  const expiresAtMs = nowMs + deps.requestTtlMs;
  await deps.audit.append({
    type: 'reinstatement_requested',
    occurredAtMs: nowMs,
    personId: command.personId,
    operatorId: command.operator.id,
    reason: command.reason,
    decisionId,
  });
  const waiting: ReinstatementRequest = { operatorId: command.operator.id, reason: command.reason, expiresAtMs };
  await deps.oneTime.put({ purpose: 'reinstatement', key: command.personId, payloadJson: JSON.stringify(waiting), expiresAtMs, nowMs });
  return { ok: true, state: 'waiting_for_second_operator', decisionId, expiresAtMs };
}

async function complete(
  deps: ReinstateDeps,
  {
    command,
    decisionId,
  }: { readonly command: StandingCommand; readonly decisionId: Extract<ReinstateOutcome, { state: 'reinstated' }>['decisionId'] },
): Promise<ReinstateOutcome> {
  const nowMs = deps.clock.nowMs();
  // Taken, not peeked: two second operators at once reinstate once.
  const payload = await deps.oneTime.take('reinstatement', command.personId, nowMs);
  if (payload === null) return { ok: false, code: 'request.conflict' };
  const first = requestSchema.parse(JSON.parse(payload));
  if (first.operatorId === command.operator.id) return { ok: false, code: 'request.conflict' };
  const { from, epoch } = await deps.people.changeStanding({ personId: command.personId, to: 'active', nowMs });
  await deps.audit.append({
    type: 'standing',
    occurredAtMs: nowMs,
    personId: command.personId,
    from,
    to: 'active',
    operators: [first.operatorId, command.operator.id],
    reason: command.reason,
    epoch,
    decisionId,
  });
  return { ok: true, state: 'reinstated', decisionId, epoch };
}
