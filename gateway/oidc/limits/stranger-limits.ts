import { RequestBudget } from '../../domain/request-budget.ts';
import { SharedBudget, type SharedBudgetRule } from '../../domain/shared-budget.ts';
import { siteNetworkOf } from '../../http/middleware/client-network.ts';
import type { Clock } from '../../ports/clock.ts';

export const STRANGER_WINDOW_S = 60;
/** Networks that are remembered for each limit. */
export const STRANGER_KEYS_MAX = 50_000;

interface StrangerLimit extends Pick<SharedBudgetRule, 'max' | 'reserve' | 'share'> {
  /** Of one network. */
  readonly perNetwork: number;
}

/**
 * What is stored for somebody who has shown nothing yet, within a minute. Beyond what comes first there is a reserve of which every network has
 * a share, so that a few who ask much do not keep out the others; thousands of networks together do.
 */
export const STRANGER_LIMITS = {
  /** Sign-ins that begin where nobody is signed in. */
  signIn: { perNetwork: 1_200, max: 8_000, reserve: 4_000, share: 30 },
  /** Requests pushed or begun for a device by public clients. The codes of ten minutes are no more than are kept of them. */
  pushed: { perNetwork: 240, max: 1_400, reserve: 500, share: 10 },
} as const satisfies Readonly<Record<string, StrangerLimit>>;

export type StrangerLimitName = keyof typeof STRANGER_LIMITS;

export interface StrangerLimits {
  /** Takes one for the network of the address and returns 0, or returns the ms until there is one again. */
  take(name: StrangerLimitName, address: string | null): number;
}

function toLimit({ max, perNetwork, reserve, share }: StrangerLimit) {
  const rule = { windowMs: STRANGER_WINDOW_S * 1_000, keysMax: STRANGER_KEYS_MAX };
  const networks = new RequestBudget({ ...rule, max: perNetwork });
  const everybody = new SharedBudget({ ...rule, max, reserve, share });
  return (network: string, nowMs: number): number => {
    const waitMs = networks.take(network, nowMs);
    return waitMs > 0 ? waitMs : everybody.take(network, nowMs);
  };
}

export function createStrangerLimits(
  clock: Pick<Clock, 'nowMs'>,
  limits: Readonly<Record<StrangerLimitName, StrangerLimit>> = STRANGER_LIMITS,
): StrangerLimits {
  const takers = { signIn: toLimit(limits.signIn), pushed: toLimit(limits.pushed) };
  return { take: (name, address) => takers[name](siteNetworkOf(address) ?? 'unknown', clock.nowMs()) };
}
