import type { KoaContextWithOIDC } from 'oidc-provider';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryOidcStore } from '#adapters/memory/oidc-store.ts';
import { createAppSessions } from '#gateway/oidc/sessions/app-sessions.ts';
import { createEndedSessions } from '#gateway/oidc/sessions/ended-sessions.ts';
import { createSeenSessions } from '#gateway/oidc/sessions/seen-sessions.ts';
import { createShownGrants } from '#gateway/oidc/sessions/shown-grants.ts';
import { createExchanges } from '#gateway/oidc/storage/exchanges.ts';
import { createStorageAdapter } from '#gateway/oidc/storage/storage-adapter.ts';
import type { Clock } from '#gateway/ports/clock.ts';
import type { OidcStore } from '#gateway/ports/oidc-store.ts';

interface Options {
  readonly store?: OidcStore;
  readonly clock?: Clock;
  readonly isClosed?: (personId: string) => Promise<boolean>;
  readonly appIdOf?: (clientId: string) => string | null;
  readonly interactionsMax?: number;
  /** The provider's request that is under way. */
  readonly current?: () => KoaContextWithOIDC | undefined;
}

/** The provider's storage and what it is made of, over a store in memory. */
export function createStorageRig(options: Options = {}) {
  const { appIdOf = () => null, clock = { nowMs: () => 1_000_000, monotonicUs: () => 0 }, current = () => undefined } = options;
  const { isClosed = async () => false, interactionsMax, store = createMemoryOidcStore() } = options;
  const endedSessions = createEndedSessions();
  const shownGrants = createShownGrants();
  const appSessions = createAppSessions({ store, clock, audit: createMemoryAuditLog({ clock }), appIdOf, endedSessions });
  const exchanges = createExchanges({ store, clock, isClosed, endedSessions, shownGrants, appSessions });
  const parts = { store, clock, isClosed, endedSessions, exchanges, seenSessions: createSeenSessions(), shownGrants, current };
  const adapterOf = createStorageAdapter(interactionsMax === undefined ? parts : { ...parts, interactionsMax });
  return { store, clock, isClosed, appIdOf, endedSessions, shownGrants, appSessions, exchanges, adapterOf };
}
