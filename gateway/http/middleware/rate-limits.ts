import type { Request } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { GatewayError, type ErrorCode } from '../../domain/errors.ts';
import type { ClientAddresses } from './client-ip.ts';
import { networkOf } from './client-network.ts';

/** Requests of one address within RATE_WINDOW_S. Generous for people behind one address, hopeless for a guesser. */
export const RATE_WINDOW_S = 60;
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
  /** Requests of the OpenID provider that may store something before anybody is signed in. */
  authorization: 600,
  /** Token, introspection, revocation, user info: the servers of all apps may share an address. */
  token: 60_000,
  /** What operators begin at readers. */
  maintenance: 60,
  /** Calls of face terminals: each asks every 20 s, and a site's terminals may share an address. */
  terminal: 3_000,
  /** Simulated badges of the demo site. */
  demo: 600,
} as const;
/** The same over all addresses: a store that thousands of addresses fill is as full. */
export const RATE_TOTALS = { authorization: 12_000 } as const;

export type RateLimitName = keyof typeof RATE_LIMITS;
export type RateTotalName = keyof typeof RATE_TOTALS;

export interface RateLimits {
  /** Counts the request. @throws request.rate_limited */
  count(name: RateLimitName, request: Request): Promise<void>;
  /** Counts the request among those of everybody. @throws request.rate_limited */
  countTotal(name: RateTotalName): Promise<void>;
  /** Counts `work` when it is refused as a wrong credential, and while it runs. @throws request.rate_limited, and what `work` throws */
  countFailure<Result>(name: RateLimitName, request: Request, work: () => Promise<Result>): Promise<Result>;
}

/** What a guesser is told. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['authentication.failed', 'enrolment.invalid']);

interface Limits {
  readonly perAddress: Readonly<Record<RateLimitName, number>>;
  readonly totals: Readonly<Record<RateTotalName, number>>;
}

function createLimiters<Name extends string>(
  limits: Readonly<Record<Name, number>>,
): (name: Name, key: string) => Promise<() => Promise<void>> {
  const limiters = new Map<Name, RateLimiterMemory>();
  for (const name of Object.keys(limits) as Name[]) {
    limiters.set(name, new RateLimiterMemory({ points: limits[name], duration: RATE_WINDOW_S }));
  }
  return async (name, key) => {
    const limiter = limiters.get(name);
    if (limiter === undefined) throw new TypeError(`no limit is named ${name}`);
    try {
      await limiter.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new GatewayError('request.rate_limited', 'Too many attempts. Wait a minute and try again.');
    }
    return async () => {
      await limiter.reward(key);
    };
  };
}

/** Counts in memory: they start anew with the process, like every connection of an attacker. */
export function createRateLimits(
  addresses: ClientAddresses,
  limits: Limits = { perAddress: RATE_LIMITS, totals: RATE_TOTALS },
): RateLimits {
  const consume = createLimiters(limits.perAddress);
  const consumeTotal = createLimiters(limits.totals);
  // A Unix socket has no address: its one owner shares one count, and so does everybody whose proxy does not say who they are.
  const keyOf = (request: Request): string => networkOf(addresses.clientIp(request)) ?? 'unknown';

  return {
    count: async (name, request) => {
      await consume(name, keyOf(request));
    },
    countTotal: async (name) => {
      await consumeTotal(name, 'all');
    },
    countFailure: async (name, request, work) => {
      // Counted first and given back, so that a burst of guesses in parallel is no longer than the limit.
      const giveBack = await consume(name, keyOf(request));
      try {
        const result = await work();
        await giveBack();
        return result;
      } catch (failure) {
        if (!(failure instanceof GatewayError && REFUSALS.has(failure.code))) await giveBack();
        throw failure;
      }
    },
  };
}
