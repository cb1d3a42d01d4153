import type { IncomingMessage } from 'node:http';
import { GatewayError, type ErrorCode } from '../../domain/errors.ts';
import { toBudgets, toRetryAfterS, type RequestBudget } from '../../domain/request-budget.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ClientAddresses } from './client-ip.ts';
import { networkOf } from './client-network.ts';

/** Requests of one address within RATE_WINDOW_S. Generous for people behind one address, hopeless for a guesser. */
export const RATE_WINDOW_S = 60;
/** Addresses that are remembered for each limit. */
export const RATE_KEYS_MAX = 50_000;
export const RATE_LIMITS = {
  /** WebAuthn challenges for sign-in, each of which is stored. */
  challenge: 300,
  /** Answers to them, and what else a sign-in page asks of the policy. */
  ceremony: 300,
  /** Answers that were refused: an honest person's passkey rarely is. */
  failedCeremony: 30,
  /** Enrolment steps with a link. */
  enrolment: 120,
  /** Links that were refused: each is a guess. */
  failedEnrolment: 30,
  /** Requests of the OpenID provider that may store something before anybody is signed in; the provider counts what is stored. */
  authorization: 600,
  /** Requests that a client's own server sends ahead, or for a device; limited by client too, once it has shown who it is. */
  pushed: 6_000,
  /** Registrations of clients: each shows a token that an operator has given out. */
  registration: 60,
  /** Codes of devices that people type in. */
  userCode: 120,
  /** Token, introspection, revocation, user info: the servers of all apps may share an address. */
  token: 60_000,
  /** What operators begin at readers. */
  maintenance: 60,
  /** Calls of face terminals: each asks every 20 s, and a site's terminals may share an address. */
  terminal: 3_000,
  /** Requests of people's own side, signed in or not. */
  own: 6_000,
  /** Simulated badges of the demo site. */
  demo: 600,
} as const;

/** Of one person, wherever they are, within RATE_WINDOW_S. None of it is asked at a door or at an app's login. */
export const PERSON_RATE_LIMITS = {
  /** Requests of their own side. */
  own: 600,
  /** Changes of their credentials, and ends of their sessions. */
  ownChange: 30,
  /** What is open to them now: each asks the policy up to a hundred times. */
  ownQuestion: 30,
  /** Looks into the log: each reads up to a thousand of its entries, 25 ms of the thread that serves logins. */
  ownLog: 60,
  /** Ways in that one operator gives. */
  recovery: 10,
} as const;

export type PersonRateLimitName = keyof typeof PERSON_RATE_LIMITS;
export type RateLimitName = keyof typeof RATE_LIMITS;

export interface RateLimits {
  /** Counts the request. @throws request.rate_limited */
  count(name: RateLimitName, request: IncomingMessage): Promise<void>;
  /** Counts the request of somebody who is known. @throws request.rate_limited */
  countPerson(name: PersonRateLimitName, personId: string): Promise<void>;
  /** Counts `work` when it is refused as a wrong credential, and while it runs. @throws request.rate_limited, and what `work` throws */
  countFailure<Result>(name: RateLimitName, request: IncomingMessage, work: () => Promise<Result>): Promise<Result>;
}

/** What a guesser is told. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['authentication.failed', 'enrolment.invalid']);

/** The caller is told when to come again (RFC 6585 4). */
export class RateLimited extends GatewayError {
  readonly retryAfterS: number;

  constructor(waitMs: number) {
    super('request.rate_limited', 'Too many attempts. Wait a minute and try again.');
    this.retryAfterS = toRetryAfterS(waitMs);
  }
}

interface Limits {
  readonly perAddress: Readonly<Record<RateLimitName, number>>;
  readonly perPerson?: Readonly<Record<PersonRateLimitName, number>>;
}

const RULE = { windowMs: RATE_WINDOW_S * 1_000, keysMax: RATE_KEYS_MAX };

/** Counts in memory: they start anew with the process, like every connection of an attacker. */
export function createRateLimits(
  addresses: Pick<ClientAddresses, 'clientIp'>,
  clock: Pick<Clock, 'nowMs'>,
  limits: Limits = { perAddress: RATE_LIMITS },
): RateLimits {
  const perAddress = toBudgets(limits.perAddress, RULE);
  const perPerson = toBudgets(limits.perPerson ?? PERSON_RATE_LIMITS, RULE);
  // A Unix socket has no address: its one owner shares one count, and so does everybody whose proxy does not say who they are.
  const keyOf = (request: IncomingMessage): string => networkOf(addresses.clientIp(request)) ?? 'unknown';
  const take = (budget: RequestBudget, key: string): void => {
    const waitMs = budget.take(key, clock.nowMs());
    if (waitMs > 0) throw new RateLimited(waitMs);
  };

  return {
    count: async (name, request) => take(perAddress[name], keyOf(request)),
    countPerson: async (name, personId) => take(perPerson[name], personId),
    countFailure: async (name, request, work) => {
      const budget = perAddress[name];
      const key = keyOf(request);
      // Counted first and given back, so that a burst of guesses in parallel is no longer than the limit.
      take(budget, key);
      try {
        const result = await work();
        budget.giveBack(key, clock.nowMs());
        return result;
      } catch (failure) {
        if (!(failure instanceof GatewayError && REFUSALS.has(failure.code))) budget.giveBack(key, clock.nowMs());
        throw failure;
      }
    },
  };
}
