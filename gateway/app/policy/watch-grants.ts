import type { GrantStore } from '../../ports/grant-store.ts';

/** How often a change of grants made by another process (an import) is looked for, ms. */
export const GRANT_WATCH_INTERVAL_MS = 1_000;

export interface WatchGrantsDeps {
  readonly grants: Pick<GrantStore, 'version'>;
  /** Rebuilds the policy's data at every enforcement point. */
  readonly reload: () => Promise<void>;
  /** Told once for each change that is in force. */
  readonly onReloaded: (version: number) => Promise<void>;
  readonly onFailure: (failure: unknown) => void;
}

/** Looks once: reloads when the version moved since the last successful look. A failed reload is tried again at the next look. */
export function createGrantWatch(deps: WatchGrantsDeps, knownVersion: number): () => Promise<void> {
  let known = knownVersion;
  let isLooking = false;
  return async () => {
    if (isLooking) return;
    isLooking = true;
    try {
      const version = await deps.grants.version();
      if (version === known) return;
      await deps.reload();
      known = version;
      await deps.onReloaded(version);
    } catch (failure) {
      deps.onFailure(failure);
    } finally {
      isLooking = false;
    }
  };
}
