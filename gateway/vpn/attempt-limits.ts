import { toBudgets, type RequestBudget } from '../domain/request-budget.ts';
import { networkOf } from '../http/middleware/client-network.ts';
import type { Clock } from '../ports/clock.ts';

/** Refused connections within the window. They never touch a door: nobody is kept out of a building by what somebody does here. */
export const ATTEMPT_WINDOW_S = 60;
export const ATTEMPT_LIMITS = {
  /** Of one user name in a realm. */
  user: 10,
  /** From one address in a realm; those that the server does not tell share one count. */
  address: 60,
  /** Of a realm in all. */
  realm: 1_200,
} as const;

/** Names, addresses and realms that are remembered for each limit. */
export const ATTEMPT_KEYS_MAX = 50_000;

export const TOO_MANY_ATTEMPTS = 'Too many attempts. Wait a minute and try again.';

export interface AttemptLimits {
  /** Runs the attempt unless a limit is reached, and counts it when it is refused and while it runs. Null = a limit is reached. */
  run<Outcome extends { readonly ok: boolean }>(
    who: { readonly realmId: string; readonly userName: string; readonly ip: string | null },
    attempt: () => Promise<Outcome>,
  ): Promise<Outcome | null>;
}

export function createAttemptLimits(
  clock: Pick<Clock, 'nowMs'>,
  limits: Readonly<Record<keyof typeof ATTEMPT_LIMITS, number>> = ATTEMPT_LIMITS,
): AttemptLimits {
  const budgets = toBudgets(limits, { windowMs: ATTEMPT_WINDOW_S * 1_000, keysMax: ATTEMPT_KEYS_MAX });
  return {
    run: async ({ realmId, userName, ip }, attempt) => {
      const counted: (readonly [RequestBudget, string])[] = [];
      const giveBack = (): void => counted.forEach(([budget, key]) => budget.giveBack(key, clock.nowMs()));
      // The realm's comes first: it bounds how many names and addresses are remembered.
      for (const [budget, key] of [
        [budgets.realm, realmId],
        [budgets.address, `${realmId} ${networkOf(ip) ?? 'unknown'}`],
        [budgets.user, `${realmId} ${userName.toLowerCase()}`],
      ] as const) {
        if (budget.take(key, clock.nowMs()) > 0) {
          // One address or name at its limit must not use up everybody's.
          giveBack();
          return null;
        }
        counted.push([budget, key]);
      }
      const outcome = await attempt();
      if (outcome.ok) giveBack();
      return outcome;
    },
  };
}
