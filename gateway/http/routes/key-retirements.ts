import type { Clock } from '../../ports/clock.ts';
import type { PersonId } from '../../domain/site/ids.ts';

/** How long the first operator's request waits for the second. */
export const RETIREMENT_WAIT_MS = 900_000;
/** Keys whose retirement waits; more are never published. */
export const RETIREMENTS_MAX = 32;

export interface WaitingRetirement {
  readonly operatorId: PersonId;
  readonly untilMs: number;
}

/** First requests, where the policy wants two operators for one. They do not outlive the gateway: the first asks again. */
export interface KeyRetirements {
  of(kid: string): WaitingRetirement | null;
  ask(kid: string, operatorId: PersonId): WaitingRetirement;
  done(kid: string): void;
}

export function createKeyRetirements(clock: Pick<Clock, 'nowMs'>): KeyRetirements {
  const waiting = new Map<string, WaitingRetirement>();
  return {
    of: (kid) => {
      const one = waiting.get(kid);
      return one !== undefined && clock.nowMs() < one.untilMs ? one : null;
    },
    ask: (kid, operatorId) => {
      const [oldest] = waiting.keys();
      if (waiting.size >= RETIREMENTS_MAX && oldest !== undefined) waiting.delete(oldest);
      const one = { operatorId, untilMs: clock.nowMs() + RETIREMENT_WAIT_MS };
      waiting.set(kid, one);
      return one;
    },
    done: (kid) => void waiting.delete(kid),
  };
}
