import type { Request } from 'express';
import { DEFAULT_OPERATOR_ROLES } from '../domain/access/policy-data.ts';
import { GatewayError } from '../domain/errors.ts';
import type { PersonId } from '../domain/site/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { PeopleStore } from '../ports/people-store.ts';
import type { ConsoleSession } from '../ports/session-store.ts';
import { isActive, type ConsoleSessions } from './console-sessions.ts';
import type { ClientAddresses } from './middleware/client-ip.ts';
import { DeniedRequest } from './middleware/request-error.ts';
import type { DecideRead, Reader } from './read-decisions.ts';
import { readCookie } from './session-cookie.ts';

/** Who makes a request of the API, and what their role lets them do at all. */
export interface Caller extends Reader {
  readonly displayName: string;
  readonly roles: readonly string[];
  readonly actions: ReadonlySet<string>;
  /** Null at the control socket. */
  readonly session: ConsoleSession | null;
}

/** Finds the caller; null when nobody is signed in, or no longer allowed to be. */
export type Authenticate = (request: Request) => Promise<Caller | null>;

const HOST_ACR = 'urn:gatehouse:acr:host';

export function actionsOf(roles: readonly string[]): ReadonlySet<string> {
  const byRole: Readonly<Record<string, readonly string[]>> = DEFAULT_OPERATOR_ROLES;
  // `host` is no role that a person can hold: it is the control socket's.
  return new Set(roles.filter((role) => role !== 'host').flatMap((role) => byRole[role] ?? []));
}

function sessionSecret(request: Request, cookieName: string): string | null {
  const { authorization } = request.headers;
  if (authorization?.startsWith('Bearer ') === true) return authorization.slice('Bearer '.length).trim();
  return readCookie(request, cookieName);
}

interface SessionDeps {
  readonly cookieName: string;
  readonly consoleSessions: ConsoleSessions;
  readonly people: PeopleStore;
  readonly addresses: ClientAddresses;
}

/**
 * Browser cookie or bearer token. Standing and role are read anew for every request; a policy decision is made at sign-in, for every
 * unsafe action and, for reading, from time to time, since one for every poll would bury the log.
 */
export function createSessionAuthenticate(deps: SessionDeps): Authenticate {
  return async (request) => {
    const secret = sessionSecret(request, deps.cookieName);
    const session = secret === null ? null : await deps.consoleSessions.find(secret);
    // A session of the people's side is none of an operator's, though the person may be one.
    if (session === null || session.kind === 'portal') return null;
    const person = await deps.people.find(session.personId);
    if (!isActive(person)) return null;
    const { amr, acr, userVerified, authenticatedAtMs } = session;
    return {
      operator: {
        id: person.id,
        channel: session.kind,
        ip: deps.addresses.clientIp(request),
        authentication: { amr, acr, userVerified, authenticatedAtMs },
      },
      displayName: person.displayName,
      roles: person.roles,
      actions: actionsOf(person.roles),
      version: person.version,
      session,
    };
  };
}

/** Everybody who can open the control socket is the host's owner: the socket's file mode is the authentication. */
export function createHostAuthenticate(clock: Clock): Authenticate {
  return async () => ({
    operator: {
      id: 'local' as PersonId,
      channel: 'cli',
      ip: null,
      authentication: { amr: [], acr: HOST_ACR, userVerified: false, authenticatedAtMs: clock.nowMs() },
    },
    displayName: 'Host',
    roles: ['host'],
    actions: new Set<string>(DEFAULT_OPERATOR_ROLES.host),
    version: 0,
    session: null,
  });
}

/** For an unsafe action, which the policy decides and records by itself: who asks. @throws request.unauthenticated */
export async function requireCaller(authenticate: Authenticate, request: Request): Promise<Caller> {
  const caller = await authenticate(request);
  if (caller === null) throw new GatewayError('request.unauthenticated', 'Sign in to go on.');
  return caller;
}

interface ReaderDeps {
  readonly authenticate: Authenticate;
  readonly decideRead: DecideRead;
}

/**
 * For reading. A role that never reads is refused without a decision; whether the person may use theirs now is the policy's.
 * @throws request.unauthenticated, request.forbidden
 */
export async function requireReader({ authenticate, decideRead }: ReaderDeps, request: Request): Promise<Caller> {
  const caller = await requireCaller(authenticate, request);
  if (!caller.actions.has('console.read')) throw new GatewayError('request.forbidden', 'Your role does not allow this.');
  const decision = await decideRead(caller);
  if (decision.effect === 'deny') throw new DeniedRequest(decision);
  return caller;
}
