import type { Request } from 'express';
import type { AuthorizeSelf } from '../app/self/authorize-self.ts';
import type { OwnAsker } from '../app/self/own-question.ts';
import { GatewayError } from '../domain/errors.ts';
import type { Person } from '../domain/people/person.ts';
import type { Clock } from '../ports/clock.ts';
import type { PeopleStore } from '../ports/people-store.ts';
import type { PolicyEngine } from '../ports/policy-engine.ts';
import type { ConsoleSession } from '../ports/session-store.ts';
import { isActive, type ConsoleSessions } from './console-sessions.ts';
import type { ClientAddresses } from './middleware/client-ip.ts';
import type { RateLimits } from './middleware/rate-limits.ts';
import { DeniedRequest } from './middleware/request-error.ts';
import { createKeptDecisions, type KeptDecision } from './read-decisions.ts';
import { readCookie } from './session-cookie.ts';

/** Whose own side it is. */
export interface OwnCaller extends OwnAsker {
  readonly person: Person;
  readonly session: ConsoleSession;
}

export interface OwnCallers {
  /** Null when nobody is signed in to the people's side in this browser, or no longer allowed to be. */
  find(request: Request): Promise<OwnCaller | null>;
  /** For what only looks: counted by address and person, decided as `self.read`. @throws request.unauthenticated, request.forbidden, request.rate_limited */
  require(request: Request): Promise<OwnCaller>;
  /** For what does something: decided, and recorded, each time. @throws as `require` */
  authorize(request: Request, action: 'self.close' | 'self.change'): Promise<OwnCaller>;
}

export interface OwnCallersDeps {
  readonly cookieName: string;
  readonly consoleSessions: Pick<ConsoleSessions, 'find'>;
  readonly people: PeopleStore;
  readonly addresses: ClientAddresses;
  readonly rateLimits: RateLimits;
  readonly authorizeSelf: AuthorizeSelf;
  readonly policy: Pick<PolicyEngine, 'revision' | 'dataRevision'>;
  readonly clock: Clock;
}

export function createOwnCallers(deps: OwnCallersDeps): OwnCallers {
  const decideRead: KeptDecision<OwnCaller> = createKeptDecisions({
    ...deps,
    ask: (caller) => deps.authorizeSelf({ ...caller, action: 'self.read' }),
    keyOf: ({ session, ip, person }) => [session.id, ip, person.version],
  });

  const find = async (request: Request): Promise<OwnCaller | null> => {
    // A cookie and nothing else: what reads a bearer token is a program, and this side is for people.
    const secret = readCookie(request, deps.cookieName);
    const session = secret === null ? null : await deps.consoleSessions.find(secret);
    if (session?.kind !== 'portal') return null;
    const person = await deps.people.find(session.personId);
    if (!isActive(person)) return null;
    const { amr, acr, userVerified, authenticatedAtMs } = session;
    const authentication = { amr, acr, userVerified, authenticatedAtMs };
    return { person, personId: person.id, session, ip: deps.addresses.clientIp(request), authentication };
  };

  const identify = async (request: Request): Promise<OwnCaller> => {
    await deps.rateLimits.count('own', request);
    const caller = await find(request);
    if (caller === null) throw new GatewayError('request.unauthenticated', 'Sign in to go on.');
    await deps.rateLimits.countPerson('own', caller.personId);
    return caller;
  };

  return {
    find,
    require: async (request) => {
      const caller = await identify(request);
      const decision = await decideRead(caller);
      if (decision.effect === 'deny') throw new DeniedRequest(decision);
      return caller;
    },
    authorize: async (request, action) => {
      const caller = await identify(request);
      await deps.rateLimits.countPerson('ownChange', caller.personId);
      const decision = await deps.authorizeSelf({ ...caller, action });
      if (decision.effect === 'deny') throw new DeniedRequest(decision);
      return caller;
    },
  };
}
