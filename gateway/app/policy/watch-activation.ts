import type { PolicyStore } from '../../ports/policy-store.ts';
import { findLoggedActivation, findMovedPointer, type ActivationLog } from './logged-activation.ts';

/** How often the stored pointer is compared with the log, ms. */
export const ACTIVATION_WATCH_INTERVAL_MS = 15_000;
export const POINTER_MOVED = 'policy.pointer_moved';

export interface ActivationWatchDeps {
  readonly store: Pick<PolicyStore, 'activation' | 'find'>;
  readonly log: ActivationLog;
  /** An alarm about the revision that the pointer stands at begins or ends. */
  readonly raise: (revisionId: string, active: boolean) => Promise<unknown>;
  /** Puts the pointer back. */
  readonly settle: () => Promise<unknown>;
}

/**
 * Looks whether the pointer to what is in force still stands where the log says that it was put, and puts it back. What decides is not changed
 * by such a move, neither now nor at the next start: somebody has to look who writes the database. @throws store.unavailable
 */
export function createActivationWatch({ store, log, raise, settle }: ActivationWatchDeps): () => Promise<void> {
  let suspected: string | null = null;
  let raised: string | null = null;
  return async () => {
    const moved = await findMovedPointer(store, await findLoggedActivation(log));
    // An activation moves the pointer a moment before its record: what is so twice is no activation.
    const isCertain = moved === suspected;
    suspected = moved;
    if (!isCertain || moved === raised) return;
    if (raised !== null) await raise(raised, false);
    if (moved !== null) await raise(moved, true);
    raised = moved;
    if (moved !== null) await settle();
  };
}
