import { createHash } from 'node:crypto';
import type { Authentication } from '../app/access/types.ts';
import { toSessionEnd } from '../app/revocation/session-end.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Person } from '../domain/people/person.ts';
import type { CredentialId, PersonId, SessionId } from '../domain/site/ids.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { CredentialStore } from '../ports/credential-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { PeopleStore } from '../ports/people-store.ts';
import type { Random } from '../ports/random.ts';
import type { ConsoleSession, SessionStore } from '../ports/session-store.ts';

const SECRET_BYTES = 32;
/** Secrets are 43 characters of base64url; anything else is not looked up. */
const SECRET_SHAPE = /^[A-Za-z0-9_-]{43}$/;

export interface SessionStart {
  readonly personId: PersonId;
  readonly kind: ConsoleSession['kind'];
  /** What the sign-in showed; the session carries it. */
  readonly authentication: Authentication;
  /** The passkey of that sign-in; null = not known. */
  readonly credentialId: CredentialId | null;
  readonly decisionId: string;
}

export interface ConsoleSessions {
  /**
   * The secret is handed out once; the store keeps its hash.
   * @throws audit.unavailable no session was made; request.forbidden, authentication.failed the person was suspended, or the passkey removed, meanwhile
   */
  start(start: SessionStart): Promise<{ readonly secret: string; readonly session: ConsoleSession }>;
  find(secret: string): Promise<ConsoleSession | null>;
  /** @throws audit.unavailable after the session is gone */
  end(session: ConsoleSession, cause: string): Promise<void>;
}

interface Deps {
  readonly sessions: SessionStore;
  readonly people: PeopleStore;
  readonly credentials: Pick<CredentialStore, 'passkeysOf'>;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly ttlS: Readonly<Record<ConsoleSession['kind'], number>>;
}

/** Of these alone can a session be anybody's. */
export function isActive(person: Person | null): person is Person {
  return person !== null && person.standing !== 'suspended' && person.standing !== 'departed';
}

const hash = (secret: string): string => createHash('sha256').update(secret, 'utf8').digest('hex');

export function createConsoleSessions(deps: Deps): ConsoleSessions {
  const { audit, clock, credentials, people, random, sessions } = deps;

  const isPasskeyRemoved = async (personId: PersonId, credentialId: CredentialId | null): Promise<boolean> =>
    credentialId !== null && (await credentials.passkeysOf(personId)).some(({ id, status }) => id === credentialId && status !== 'active');

  const end = async (session: ConsoleSession, cause: string): Promise<void> => {
    // Whoever removed the row records its end: a suspension may have been first.
    if (await sessions.end(session.id)) await audit.append(toSessionEnd(session, cause, clock.nowMs()));
  };

  return {
    start: async ({ personId, kind, authentication, credentialId, decisionId }) => {
      const nowMs = clock.nowMs();
      const secret = Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url');
      const id = random.id('session') as SessionId;
      const expiresAtMs = nowMs + deps.ttlS[kind] * 1_000;
      const { amr, acr, userVerified, authenticatedAtMs } = authentication;
      const shown = { amr, acr, userVerified, authenticatedAtMs, credentialId };
      const session = { id, personId, kind, secretSha256: hash(secret), createdAtMs: nowMs, expiresAtMs, ...shown };
      const record = { type: 'session', occurredAtMs: nowMs, event: 'started', kind, sessionId: id, personId, appId: null } as const;
      await audit.append({ ...record, cause: 'permitted', decisionId });
      await sessions.create(session);
      // Looked at after the write: either this sees a suspension, or a passkey's removal, that came in between, or that sees the session.
      if (!isActive(await people.find(personId))) {
        await end(session, 'subject.suspended');
        throw new GatewayError('request.forbidden', 'Your access was suspended a moment ago.');
      }
      if (await isPasskeyRemoved(personId, credentialId)) {
        await end(session, 'passkey.removed');
        throw new GatewayError('authentication.failed', 'This passkey was removed a moment ago. Use another one.');
      }
      return { secret, session };
    },
    find: async (secret) => (SECRET_SHAPE.test(secret) ? sessions.findBySecret(hash(secret), clock.nowMs()) : null),
    end,
  };
}
