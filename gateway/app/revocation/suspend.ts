import { GatewayError } from '../../domain/errors.ts';
import type { DecisionId, PersonId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DoorNode } from '../../ports/door-node.ts';
import type { LiveSessions } from '../../ports/live-sessions.ts';
import type { OneTimeStore } from '../../ports/one-time-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { SessionStore } from '../../ports/session-store.ts';
import type { AuthorizeOperator } from '../access/types.ts';
import type { LentLeases } from '../face/lent-leases.ts';
import type { VpnSessions } from '../vpn/sessions.ts';
import { fencePerson } from './fence.ts';
import { toSessionEnd } from './session-end.ts';
import type { RevocationReceipt, SuspendPerson } from './types.ts';

export interface SuspendDeps {
  readonly people: PeopleStore;
  readonly sessions: SessionStore;
  readonly oneTime: OneTimeStore;
  readonly liveSessions: LiveSessions;
  readonly doorNode: DoorNode;
  /** Absent where no VPN realm is configured. */
  readonly vpn?: Pick<VpnSessions, 'endAllOf'> | null;
  /** Absent where no terminal ever goes on alone. */
  readonly leases?: Pick<LentLeases, 'recall'> | null;
  readonly audit: AuditLog;
  readonly authorizeOperator: AuthorizeOperator;
  readonly clock: Clock;
}

type Target = RevocationReceipt['targets'][number];

/**
 * requested (decided and recorded) -> fenced (standing and epoch in one transaction: every new question is denied) -> propagated
 * (doors, sessions) -> contained, or residual with what is still exposed. Nothing after the fence can undo it.
 */
export function createSuspendPerson(deps: SuspendDeps): SuspendPerson {
  return async (command) => {
    const person = await deps.people.find(command.personId);
    if (person === null) return { ok: false, code: 'resource.unknown' };
    const decision = await deps.authorizeOperator({
      action: 'person.suspend',
      operator: command.operator,
      target: { type: 'person', id: command.personId },
      reason: command.reason,
      firstOperatorId: null,
    });
    // A full disk must not keep anybody's access open: the fence goes ahead unrecorded, and the receipt says that the log is missing.
    const isUnrecordedPermit = decision.effect === 'deny' && decision.unrecorded === 'permit';
    if (decision.effect === 'deny' && !isUnrecordedPermit) return { ok: false, code: 'request.forbidden', deny: decision };
    const { operator, personId, reason } = command;
    const receipt = await closePerson(deps, { personId, to: 'suspended', closedBy: operator.id, reason, decisionId: decision.id });
    return { ok: true, decisionId: decision.id, receipt };
  };
}

export interface Closing {
  readonly personId: PersonId;
  readonly to: 'suspended' | 'departed';
  /** Stands in the log: an operator, or the directory that says so. */
  readonly closedBy: string;
  readonly reason: string;
  /** Null: nobody was asked. A directory that the configuration trusts with people says who has left, it does not ask. */
  readonly decisionId: DecisionId | null;
}

/** Fences and closes, whoever said so and whether or not the log takes it. Whoever has departed stays so. @throws resource.unknown, store.unavailable */
export async function closePerson(
  deps: Omit<SuspendDeps, 'authorizeOperator'>,
  { closedBy, decisionId, personId, reason, to: closing }: Closing,
): Promise<RevocationReceipt> {
  const requestedAtMs = deps.clock.nowMs();
  const { from, epoch, to } = await fencePerson(deps.people, { personId, to: closing, nowMs: requestedAtMs });
  // A first operator's request for reinstatement was about the suspension before this one.
  await deps.oneTime.take('reinstatement', personId, requestedAtMs).catch(() => null);
  const log = await acknowledge(deps.clock, { target: 'log', method: 'append' }, async () => {
    const standing = { personId, from, to, operators: [closedBy], reason, epoch, decisionId };
    await deps.audit.append({ type: 'standing', occurredAtMs: requestedAtMs, ...standing });
    return 1;
  });
  const receipt = await propagate(deps, { personId, epoch, requestedAtMs }, [log]);
  await recordReceipt(deps, receipt);
  return receipt;
}

/** Closes what is already open; every target is tried whatever the others answer. Also run at start for everybody who is suspended. */
export async function propagate(
  deps: Pick<SuspendDeps, 'sessions' | 'liveSessions' | 'doorNode' | 'vpn' | 'leases' | 'audit' | 'clock'>,
  fence: { readonly personId: PersonId; readonly epoch: number; readonly requestedAtMs: number },
  before: readonly Target[] = [],
): Promise<RevocationReceipt> {
  const pdp: Target = { target: 'policy', method: 'transaction', acknowledgedAtMs: deps.clock.nowMs(), count: 1 };
  const { leases = null, vpn = null } = deps;
  const appsEnded = deps.liveSessions.endAllOf(fence.personId, 'subject.suspended');
  const targets = await Promise.all([
    acknowledge(deps.clock, { target: 'doors', method: 'epoch' }, async () => (await deps.doorNode.applyEpoch(fence.epoch)).doors),
    acknowledge(deps.clock, { target: 'apps', method: 'session_end' }, async () => {
      const { sessions, tokens } = await appsEnded;
      return sessions + tokens;
    }),
    acknowledge(deps.clock, { target: 'app_logout', method: 'backchannel_logout' }, async () => {
      const { logoutTokensSent, logoutTokensAcknowledged } = await appsEnded;
      // An app that did not answer may still show its own session until it next asks for a token.
      if (logoutTokensAcknowledged < logoutTokensSent) throw new GatewayError('store.unavailable', 'an app did not acknowledge the logout');
      return logoutTokensAcknowledged;
    }),
    acknowledge(deps.clock, { target: 'console', method: 'session_end' }, () => endConsoleSessions(deps, fence.personId)),
    ...(vpn === null
      ? []
      : [acknowledge(deps.clock, { target: 'vpn', method: 'disconnect' }, () => vpn.endAllOf(fence.personId, 'subject.suspended'))]),
    ...(leases === null ? [] : [acknowledge(deps.clock, { target: 'leases', method: 'recall' }, () => leases.recall(fence.personId))]),
  ]);
  return {
    personId: fence.personId,
    epoch: fence.epoch,
    requestedAtMs: fence.requestedAtMs,
    state: [...before, ...targets].every(({ acknowledgedAtMs }) => acknowledgedAtMs !== null) ? 'contained' : 'residual',
    targets: [pdp, ...before, ...targets],
  };
}

export async function recordReceipt({ audit, clock }: Pick<SuspendDeps, 'audit' | 'clock'>, receipt: RevocationReceipt): Promise<void> {
  // A log that fails here already shows as the unacknowledged target `log`; the closing itself is done.
  await audit.append({ type: 'revocation_receipt', occurredAtMs: clock.nowMs(), ...receipt }).catch(() => undefined);
}

/** Browsers and command-line tokens. The sessions are gone before the log is told of each. */
async function endConsoleSessions(
  { sessions, audit, clock }: Pick<SuspendDeps, 'sessions' | 'audit' | 'clock'>,
  personId: PersonId,
): Promise<number> {
  const ended = await sessions.endAllOf(personId);
  const occurredAtMs = clock.nowMs();
  await Promise.all(ended.map((session) => audit.append(toSessionEnd(session, 'subject.suspended', occurredAtMs))));
  return ended.length;
}

async function acknowledge(clock: Clock, what: Pick<Target, 'target' | 'method'>, close: () => Promise<number>): Promise<Target> {
  try {
    const count = await close();
    return { ...what, acknowledgedAtMs: clock.nowMs(), count };
  } catch {
    return { ...what, acknowledgedAtMs: null, count: 0 }; // Not acknowledged is the report: the receipt is then `residual`.
  }
}
