import type { Deny } from '../../domain/access/decision.ts';
import { GatewayError } from '../../domain/errors.ts';
import { isOperator } from '../../domain/people/operator.ts';
import type { Person } from '../../domain/people/person.ts';
import type { CredentialId, DecisionId, PersonId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CredentialStore } from '../../ports/credential-store.ts';
import type { OneTimeStore } from '../../ports/one-time-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { AuthorizeOperator, Operator } from '../access/types.ts';
import type { BadgeSightings, Sighting } from './badge-sightings.ts';
import type { Closed } from './closed.ts';
import type { OwnSessions } from './own-sessions.ts';

/** The typed one-time code, as the enrolment makes it. */
export interface RecoveryCode {
  readonly code: string;
  readonly url: string;
  readonly expiresAtMs: number;
}

export interface RecoveryRequest {
  readonly personId: PersonId;
  readonly operator: Operator;
  /** `badge`: the person stands at a staffed reader and has just badged. `admin`: the operator knows otherwise who it is. */
  readonly evidence: 'badge' | 'admin';
  readonly oldPasskeys: 'keep' | 'revoke';
  readonly reason: string;
}

export type RecoveryOutcome =
  | {
      readonly ok: true;
      readonly decisionId: DecisionId;
      readonly offer: RecoveryCode;
      readonly passkeysRevoked: number;
      readonly closed: Closed | null;
    }
  | { readonly ok: false; readonly deny: Deny };

export interface RecoveryDesk {
  /** Who badged where somebody is on duty, newest first. @throws store.unavailable */
  badges(): Promise<readonly (Sighting & { readonly displayName: string; readonly passkeys: number })[]>;
  /** @throws resource.unknown, recovery.person_closed, recovery.badge_missing, store.unavailable, audit.unavailable */
  offer(request: RecoveryRequest): Promise<RecoveryOutcome>;
}

export interface RecoveryDeskDeps {
  readonly people: PeopleStore;
  readonly credentials: CredentialStore;
  readonly sightings: BadgeSightings;
  readonly oneTime: OneTimeStore;
  readonly ownSessions: OwnSessions;
  /** The person stands there and has a browser at hand. */
  readonly offerCode: (request: {
    readonly personId: PersonId;
    readonly operatorId: PersonId;
    readonly ttlS: number;
    readonly cause: string;
  }) => Promise<RecoveryCode>;
  readonly withdrawLinks: (personId: PersonId) => Promise<void>;
  readonly codeTtlS: number;
  readonly authorizeOperator: AuthorizeOperator;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
}

/** Whether anything can be opened for the person at all: a new passkey of a suspended person would be worth nothing, and looks like a way in. */
const isClosed = ({ standing }: Person): boolean => standing === 'suspended' || standing === 'departed';

/** The way back in of somebody without a passkey: evidence of who they are, and another person who vouches for it. */
export function createRecoveryDesk(deps: RecoveryDeskDeps): RecoveryDesk {
  return {
    badges: async () => {
      const seen = await deps.sightings.recent();
      const rows = await Promise.all(
        seen.map(async (sighting) => {
          const person = await deps.people.find(sighting.personId);
          if (person === null) return [];
          const passkeys = (await deps.credentials.passkeysOf(person.id)).filter(({ status }) => status === 'active').length;
          return [{ ...sighting, displayName: person.displayName, passkeys }];
        }),
      );
      return rows.flat();
    },
    offer: (request) => offer(deps, request),
  };
}

async function offer(deps: RecoveryDeskDeps, request: RecoveryRequest): Promise<RecoveryOutcome> {
  const { personId, operator, evidence, oldPasskeys, reason } = request;
  const person = await deps.people.find(personId);
  if (person === null) throw new GatewayError('resource.unknown', 'This person is not known.');
  const decision = await deps.authorizeOperator({
    // Whoever gives an operator a new passkey has that operator's power: that is for those who enrol anybody.
    action: evidence === 'admin' || isOperator(person) ? 'person.enrol' : 'person.recover',
    operator,
    target: { type: 'person', id: personId },
    reason,
    firstOperatorId: null,
  });
  if (decision.effect === 'deny') return { ok: false, deny: decision };
  if (isClosed(person)) {
    throw new GatewayError('recovery.person_closed', 'This person is suspended or has left. Reinstate them first.');
  }
  if (evidence === 'badge') await useSighting(deps, personId);
  const revoked = oldPasskeys === 'keep' ? null : await revokeAll(deps, personId, operator.id);
  const code = await deps.offerCode({ personId, operatorId: operator.id, ttlS: deps.codeTtlS, cause: `recovery:${evidence}` });
  return { ok: true, decisionId: decision.id, offer: code, passkeysRevoked: revoked?.count ?? 0, closed: revoked?.closed ?? null };
}

/** A badge that was shown once is worth one code. */
async function useSighting({ sightings, oneTime, clock }: RecoveryDeskDeps, personId: PersonId): Promise<void> {
  const nowMs = clock.nowMs();
  for (const { decisionId, untilMs } of await sightings.of(personId)) {
    if (await oneTime.putNew({ purpose: 'recovery_badge', key: decisionId, payloadJson: '{}', expiresAtMs: untilMs, nowMs })) return;
  }
  throw new GatewayError('recovery.badge_missing', 'This person has not badged at a staffed reader in the last minutes.');
}

/** Out of use at once, not when the new one comes: whoever has them may be using them now. */
async function revokeAll(
  { audit, clock, credentials, ownSessions, withdrawLinks }: RecoveryDeskDeps,
  personId: PersonId,
  operatorId: PersonId,
): Promise<{ readonly count: number; readonly closed: Closed }> {
  // First: a passkey that a link of before makes meanwhile is taken back, or seen here.
  await withdrawLinks(personId);
  const active = (await credentials.passkeysOf(personId)).filter(({ status }) => status === 'active');
  for (const { id } of active) await credentials.setStatus(id, 'revoked');
  const recordOf = (id: CredentialId) =>
    ({ event: 'revoked', kind: 'passkey', personId, credentialId: id, cause: 'recovery', operatorId }) as const;
  const [closed] = await Promise.all([
    ownSessions.closeOthers(personId, null, 'passkey.revoked'),
    ...active.map(({ id }) => audit.append({ type: 'credential', occurredAtMs: clock.nowMs(), ...recordOf(id) })),
  ]);
  return { count: active.length, closed };
}
