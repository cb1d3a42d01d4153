import type { Clock } from '#gateway/ports/clock.ts';

export function createSystemClock(): Clock {
  return {
    nowMs: () => Date.now(),
    monotonicUs: () => Math.floor(performance.now() * 1_000),
  };
}
