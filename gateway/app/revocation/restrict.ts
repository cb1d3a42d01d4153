import { GatewayError } from '../../domain/errors.ts';
import { RESTRICTED_ALARM, RESTRICTION_MS } from '../../domain/face/mismatches.ts';
import type { Deny } from '../../domain/access/decision.ts';
import type { Standing } from '../../domain/people/person.ts';
import type { DecisionId, PersonId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DoorNode } from '../../ports/door-node.ts';
import type { PeopleStore, StandingChanged } from '../../ports/people-store.ts';
import type { RestrictionStore } from '../../ports/restriction-store.ts';
import type { AuthorizeOperator } from '../access/types.ts';
import type { StandingCommand } from './types.ts';

/** Stands in the log where the gateway itself changes a standing. */
export const GATEWAY_ITSELF = 'gateway';
/** Restrictions that one round ends; the next round takes the others. */
export const ENDED_PER_ROUND_MAX = 100;
const ATTEMPTS_MAX = 3;

export interface RestrictDeps {
  readonly people: PeopleStore;
  readonly restrictions: RestrictionStore;
  readonly audit: AuditLog;
  readonly doorNode: Pick<DoorNode, 'applyEpoch'>;
  readonly clock: Clock;
  /** Live sessions are asked about again. */
  readonly onChanged?: (personId: PersonId, cause: string) => Promise<unknown>;
}

interface Change {
  readonly personId: PersonId;
  readonly from: Standing;
  readonly to: Standing;
  readonly operatorId: string;
  readonly reason: string;
  readonly decisionId: DecisionId | null;
}

/**
 * Restricts somebody for RESTRICTION_MS by what the gateway saw: the second factor at sensitive areas and no new privileged session, and
 * nothing at the perimeter or on the way out. Again while it lasts: it lasts longer. Whoever is suspended or has left stays so.
 * @throws store.unavailable, audit.unavailable the person is restricted all the same
 */
export async function restrictPerson(deps: RestrictDeps, personId: PersonId, cause: string): Promise<void> {
  const sinceMs = deps.clock.nowMs();
  const person = await deps.people.find(personId);
  if (person?.standing !== 'active' && person?.standing !== 'restricted') return;
  // Its end first: a restriction that nobody would end must not be.
  await deps.restrictions.put({ personId, cause, sinceMs, untilMs: sinceMs + RESTRICTION_MS });
  await alarm(deps, personId, true);
  if (person.standing === 'active') {
    await change(deps, { personId, from: 'active', to: 'restricted', operatorId: GATEWAY_ITSELF, reason: cause, decisionId: null });
  }
}

/** Ends those whose time is over. Returns how many. @throws store.unavailable, audit.unavailable: the next round goes on */
export async function endRestrictions(deps: RestrictDeps): Promise<number> {
  const nowMs = deps.clock.nowMs();
  const over = await deps.restrictions.ended(nowMs, ENDED_PER_ROUND_MAX);
  for (const { personId, untilMs } of over) {
    const end = {
      personId,
      from: 'restricted',
      to: 'active',
      operatorId: GATEWAY_ITSELF,
      reason: 'its time is over',
      decisionId: null,
    } as const;
    const wasRestricted = await change(deps, end);
    await deps.restrictions.remove(personId, untilMs);
    if (wasRestricted) await alarm(deps, personId, false);
  }
  return over.length;
}

export type LiftOutcome =
  | { readonly ok: true; readonly decisionId: DecisionId; readonly epoch: number }
  | { readonly ok: false; readonly code: 'resource.unknown' | 'request.conflict' }
  | { readonly ok: false; readonly code: 'request.forbidden'; readonly deny: Deny };
export type LiftRestriction = (command: StandingCommand) => Promise<LiftOutcome>;

/** Before its time is over, by one operator: no human set it, and it bars from little. */
export function createLiftRestriction(deps: RestrictDeps & { readonly authorizeOperator: AuthorizeOperator }): LiftRestriction {
  return async ({ operator, personId, reason }) => {
    const person = await deps.people.find(personId);
    if (person === null) return { ok: false, code: 'resource.unknown' };
    if (person.standing !== 'restricted') return { ok: false, code: 'request.conflict' };
    const decision = await deps.authorizeOperator({
      action: 'person.unrestrict',
      operator,
      target: { type: 'person', id: personId },
      reason,
      firstOperatorId: null,
    });
    if (decision.effect === 'deny') return { ok: false, code: 'request.forbidden', deny: decision };
    const changed = await change(deps, {
      personId,
      from: 'restricted',
      to: 'active',
      operatorId: operator.id,
      reason,
      decisionId: decision.id,
    });
    if (changed === null) return { ok: false, code: 'request.conflict' };
    await deps.restrictions.remove(personId, Number.MAX_SAFE_INTEGER);
    await alarm(deps, personId, false);
    return { ok: true, decisionId: decision.id, epoch: changed.epoch };
  };
}

/** Null: the standing is another one already, or became one. A suspension that comes between is never undone. */
async function change(deps: RestrictDeps, { decisionId, from, operatorId, personId, reason, to }: Change): Promise<StandingChanged | null> {
  const occurredAtMs = deps.clock.nowMs();
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const person = await deps.people.find(personId);
    if (person?.standing !== from) return null;
    const changed = await changeUnlessOther(deps.people, { personId, to, nowMs: occurredAtMs, expectedVersion: person.version });
    if (changed === null) continue;
    const { epoch } = changed;
    // The door node reads the standing at each badge: this only states the epoch, and one that is down states it when it is back.
    await deps.doorNode.applyEpoch(epoch).catch(() => undefined);
    const operators = [operatorId];
    await deps.audit.append({ type: 'standing', occurredAtMs, personId, from, to, operators, reason, epoch, decisionId });
    await deps.onChanged?.(personId, `standing:${to}`);
    return changed;
  }
  return null;
}

async function changeUnlessOther(people: PeopleStore, to: Parameters<PeopleStore['changeStanding']>[0]): Promise<StandingChanged | null> {
  try {
    return await people.changeStanding(to);
  } catch (failure) {
    if (failure instanceof GatewayError && failure.code === 'store.conflict') return null;
    throw failure;
  }
}

async function alarm({ audit, clock }: RestrictDeps, personId: PersonId, active: boolean): Promise<void> {
  const about = { sourceType: 'gateway', sourceId: personId, personId } as const;
  await audit.append({ type: 'alarm', occurredAtMs: clock.nowMs(), code: RESTRICTED_ALARM, ...about, active });
}
