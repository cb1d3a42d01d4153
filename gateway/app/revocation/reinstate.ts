import { z } from 'zod';
import { GatewayError } from '../../domain/errors.ts';
import type { DecisionId, PersonId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DoorNode } from '../../ports/door-node.ts';
import type { OneTimeStore } from '../../ports/one-time-store.ts';
import type { PeopleStore, StandingChange, StandingChanged } from '../../ports/people-store.ts';
import { HOST_OPERATOR_ID } from '../access/authorize-operator.ts';
import type { AuthorizeOperator } from '../access/types.ts';
import { fencePerson } from './fence.ts';
import type { ReinstateOutcome, ReinstatePerson, StandingCommand } from './types.ts';

export interface ReinstateDeps {
  readonly people: PeopleStore;
  readonly oneTime: OneTimeStore;
  readonly doorNode: Pick<DoorNode, 'applyEpoch'>;
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
    const outcome = await attempt(deps, command);
    // Another operator's request was a moment faster: this one is decided again, now as the second.
    return outcome ?? (await attempt(deps, command)) ?? { ok: false, code: 'request.conflict' };
  };
}

/** Null when somebody else became the first operator between the question and the request. */
async function attempt(deps: ReinstateDeps, command: StandingCommand): Promise<ReinstateOutcome | null> {
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
  return first === null
    ? request(deps, command, decision.id)
    : complete(deps, { command, decisionId: decision.id, version: person.version });
}

async function request(deps: ReinstateDeps, command: StandingCommand, decisionId: DecisionId): Promise<ReinstateOutcome | null> {
  const nowMs = deps.clock.nowMs();
  const expiresAtMs = nowMs + deps.requestTtlMs;
  const waiting: ReinstatementRequest = { operatorId: command.operator.id, reason: command.reason, expiresAtMs };
  const item = { purpose: 'reinstatement', key: command.personId, payloadJson: JSON.stringify(waiting), expiresAtMs, nowMs } as const;
  if (!(await deps.oneTime.putNew(item))) return null;
  // Waiting before it is told: a record of a request that was never kept would be evidence of something that did not happen.
  await deps.audit.append({
    type: 'reinstatement_requested',
    occurredAtMs: nowMs,
    personId: command.personId,
    operatorId: command.operator.id,
    reason: command.reason,
    decisionId,
  });
  return { ok: true, state: 'waiting_for_second_operator', decisionId, expiresAtMs };
}

interface Completion {
  readonly command: StandingCommand;
  readonly decisionId: DecisionId;
  /** Of the person's row when the operator's question was asked. */
  readonly version: number;
}

async function complete(deps: ReinstateDeps, { command, decisionId, version }: Completion): Promise<ReinstateOutcome> {
  const { personId, operator, reason } = command;
  const nowMs = deps.clock.nowMs();
  // Taken, not peeked: two second operators at once reinstate once.
  const payload = await deps.oneTime.take('reinstatement', personId, nowMs);
  if (payload === null) return { ok: false, code: 'request.conflict' };
  const first = requestSchema.parse(JSON.parse(payload));
  if (first.operatorId === operator.id || !(await isStillOperating(deps, first.operatorId))) return { ok: false, code: 'request.conflict' };
  const changed = await changeUnlessFenced(deps, { personId, to: 'active', nowMs, expectedVersion: version });
  if (changed === null) return { ok: false, code: 'request.conflict' };
  const { from, epoch } = changed;
  try {
    const operators = [first.operatorId, operator.id];
    await deps.audit.append({ type: 'standing', occurredAtMs: nowMs, personId, from, to: 'active', operators, reason, epoch, decisionId });
  } catch (failure) {
    // Nobody comes back without a record of it.
    const { epoch: fenced } = await fencePerson(deps.people, { personId, to: 'suspended', nowMs });
    await tellDoors(deps, fenced);
    throw failure;
  }
  await tellDoors(deps, epoch);
  return { ok: true, state: 'reinstated', decisionId, epoch };
}

/**
 * The door node reads the standing from the store at each badge, so nobody waits for this: it states which epoch the node decides under.
 * One that does not answer states it after its next start.
 */
async function tellDoors({ doorNode }: ReinstateDeps, epoch: number): Promise<void> {
  await doorNode.applyEpoch(epoch).catch(() => undefined);
}

/** The first operator may have been suspended or have left since: two people who may both act are what is asked for. */
async function isStillOperating(deps: ReinstateDeps, operatorId: string): Promise<boolean> {
  if (operatorId === HOST_OPERATOR_ID) return true;
  const operator = await deps.people.find(operatorId as PersonId); // Written above from an operator's id.
  return operator?.standing === 'active';
}

/** Null when the person was suspended again, or changed otherwise, since the question was asked. */
async function changeUnlessFenced(deps: ReinstateDeps, change: StandingChange): Promise<StandingChanged | null> {
  try {
    return await deps.people.changeStanding(change);
  } catch (failure) {
    if (failure instanceof GatewayError && failure.code === 'store.conflict') return null;
    throw failure;
  }
}
