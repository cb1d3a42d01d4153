import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../ports/clock.ts';
import type { OidcStore } from '../ports/oidc-store.ts';

/** Rows one step removes: short enough that a sign-in does not wait for it. */
export const SWEEP_ROWS_MAX = 500;
/** Steps of one run. What a full run leaves is for the next. */
export const SWEEP_STEPS_MAX = 1_000;

interface Deps {
  readonly store: Pick<OidcStore, 'sweep'>;
  readonly clock: Clock;
  readonly rowsMax?: number;
  readonly stepsMax?: number;
}

/** Removes expired artifacts until none is left. A run that begins while another is under way joins it. Returns how many went. */
export function createSweepArtifacts({ store, clock, rowsMax = SWEEP_ROWS_MAX, stepsMax = SWEEP_STEPS_MAX }: Deps): () => Promise<number> {
  let running: Promise<number> | null = null;

  const sweepAll = async (): Promise<number> => {
    let removed = 0;
    for (let step = 0; step < stepsMax; step += 1) {
      const rows = await store.sweep(clock.nowMs(), rowsMax);
      removed += rows;
      if (rows < rowsMax) break;
      // Requests go first between two steps.
      await nextTurn();
    }
    return removed;
  };

  return () => {
    running ??= sweepAll().finally(() => {
      running = null;
    });
    return running;
  };
}
