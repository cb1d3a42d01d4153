import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

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

export const TOO_MANY_ATTEMPTS = 'Too many attempts. Wait a minute and try again.';

export interface AttemptLimits {
  /** Runs the attempt unless a limit is reached, and counts it when it is refused and while it runs. Null = a limit is reached. */
  run<Outcome extends { readonly ok: boolean }>(
    who: { readonly realmId: string; readonly userName: string; readonly ip: string | null },
    attempt: () => Promise<Outcome>,
  ): Promise<Outcome | null>;
}

export function createAttemptLimits(limits: Readonly<Record<keyof typeof ATTEMPT_LIMITS, number>> = ATTEMPT_LIMITS): AttemptLimits {
  const limiter = (points: number): RateLimiterMemory => new RateLimiterMemory({ points, duration: ATTEMPT_WINDOW_S });
  const byRealm = limiter(limits.realm);
  const byAddress = limiter(limits.address);
  const byUser = limiter(limits.user);

  const hasRoom = async (one: RateLimiterMemory, key: string): Promise<boolean> => {
    try {
      await one.consume(key);
      return true;
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return false;
    }
  };

  return {
    run: async ({ realmId, userName, ip }, attempt) => {
      // The realm's comes first: it bounds how many names and addresses are remembered.
      const counted: (readonly [RateLimiterMemory, string])[] = [];
      const giveBack = async (): Promise<void> => {
        for (const [one, key] of counted) await one.reward(key);
      };
      for (const [one, key] of [
        [byRealm, realmId],
        [byAddress, `${realmId} ${ip ?? 'unknown'}`],
        [byUser, `${realmId} ${userName.toLowerCase()}`],
      ] as const) {
        if (!(await hasRoom(one, key))) {
          // One address or name at its limit must not use up everybody's.
          await giveBack();
          return null;
        }
        counted.push([one, key]);
      }
      const outcome = await attempt();
      if (outcome.ok) await giveBack();
      return outcome;
    },
  };
}
