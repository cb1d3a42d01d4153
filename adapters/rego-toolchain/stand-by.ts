import type { PreparedRun } from './prepared-run.ts';

/** How long a started compiler waits for the next request, ms: an editor's next key stroke, not the night. It holds some 100 MB. */
export const STAND_BY_MS = 120_000;

export interface StandBy {
  /** The one that waits, else a new one. */
  take(): PreparedRun;
  /** Has one wait for the next request. */
  refill(): void;
}

/** Keeps one started program ahead of the requests, for a while after each of them. */
export function createStandBy(prepare: () => PreparedRun, standByMs: number = STAND_BY_MS): StandBy {
  let waiting: PreparedRun | null = null;
  let timer: NodeJS.Timeout | undefined;
  const takeWaiting = (): PreparedRun | null => {
    const taken = waiting;
    waiting = null;
    clearTimeout(timer);
    return taken;
  };
  return {
    take: () => takeWaiting() ?? prepare(),
    refill: () => {
      waiting ??= prepare();
      clearTimeout(timer);
      timer = setTimeout(() => takeWaiting()?.discard(), standByMs).unref();
    },
  };
}
