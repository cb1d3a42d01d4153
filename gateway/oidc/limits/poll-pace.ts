import type { Clock } from '../../ports/clock.ts';

/** RFC 8628 3.2 and CIBA Core 7.3: what a client that is told no interval waits between two polls. */
export const POLL_INTERVAL_S = 5;
/** Polls that may come at once: a client that was asleep, or retries after a failure of its network, is no flood. */
export const POLLS_AT_ONCE_MAX = 5;
/** Requests whose polls are remembered; beyond them the oldest is forgotten. */
export const POLLED_REQUESTS_MAX = 20_000;

interface Pace {
  intervalMs: number;
  /** Polls that may come now, at most POLLS_AT_ONCE_MAX. */
  allowance: number;
  atMs: number;
}

export interface PollPace {
  /** Notes a poll of the request `id`. True = `slow_down`; the interval is then five seconds longer for good (RFC 8628 3.5). */
  isTooFast(id: string): boolean;
}

export function createPollPace(clock: Pick<Clock, 'nowMs'>): PollPace {
  const paces = new Map<string, Pace>();

  const paceOf = (id: string, nowMs: number): Pace => {
    const known = paces.get(id);
    if (known !== undefined) return known;
    const [oldest] = paces.keys();
    if (paces.size >= POLLED_REQUESTS_MAX && oldest !== undefined) paces.delete(oldest);
    const pace = { intervalMs: POLL_INTERVAL_S * 1_000, allowance: POLLS_AT_ONCE_MAX, atMs: nowMs };
    paces.set(id, pace);
    return pace;
  };

  return {
    isTooFast: (id) => {
      const nowMs = clock.nowMs();
      const pace = paceOf(id, nowMs);
      pace.allowance = Math.min(POLLS_AT_ONCE_MAX, pace.allowance + (nowMs - pace.atMs) / pace.intervalMs);
      pace.atMs = nowMs;
      if (pace.allowance >= 1) {
        pace.allowance -= 1;
        return false;
      }
      pace.intervalMs += POLL_INTERVAL_S * 1_000;
      return true;
    },
  };
}
