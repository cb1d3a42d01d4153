import type { Request } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { GatewayError } from '../../domain/errors.ts';
import type { ClientAddresses } from './client-ip.ts';

/** Requests of one address within RATE_WINDOW_S. Generous for people behind one address, hopeless for a guesser. */
export const RATE_WINDOW_S = 60;
export const RATE_LIMITS = {
  /** WebAuthn challenges and answers at sign-in. */
  passkey: 120,
  /** Enrolment links, of which a wrong one is a guess. */
  enrolment: 30,
  /** Simulated badges of the demo site. */
  demo: 600,
} as const;

export type RateLimitName = keyof typeof RATE_LIMITS;

export interface RateLimits {
  /** Counts the request. @throws request.rate_limited */
  count(name: RateLimitName, request: Request): Promise<void>;
}

export function createRateLimits(addresses: ClientAddresses, limits: Readonly<Record<RateLimitName, number>> = RATE_LIMITS): RateLimits {
  const limiter = (name: RateLimitName): RateLimiterMemory => new RateLimiterMemory({ points: limits[name], duration: RATE_WINDOW_S });
  const limiters: Readonly<Record<RateLimitName, RateLimiterMemory>> = {
    passkey: limiter('passkey'),
    enrolment: limiter('enrolment'),
    demo: limiter('demo'),
  };
  return {
    count: async (name, request) => {
      try {
        // A Unix socket has no address: its one owner shares one count.
        await limiters[name].consume(addresses.clientIp(request) ?? 'local');
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        throw new GatewayError('request.rate_limited', 'Too many attempts. Wait a minute and try again.');
      }
    },
  };
}
