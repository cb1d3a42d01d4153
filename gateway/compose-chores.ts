import type { OpenedAuditLog } from '#adapters/sqlite/audit/open-audit-log.ts';
import { keepLogHead, LOG_HEAD_INTERVAL_MS } from './app/audit/log-head.ts';
import type { ImportFollower } from './app/people/follow-imports.ts';
import { recordPendingChanges } from './app/people/record-pending-changes.ts';
import { ACTIVATION_WATCH_INTERVAL_MS, createActivationWatch, POINTER_MOVED } from './app/policy/watch-activation.ts';
import { createGrantWatch, GRANT_WATCH_INTERVAL_MS } from './app/policy/watch-grants.ts';
import type { Records } from './compose-records.ts';
import type { PersonId } from './domain/site/ids.ts';
import type { Logger } from './platform/logger.ts';
import type { Clock } from './ports/clock.ts';
import type { PolicyEngine } from './ports/policy-engine.ts';

/** Expired OIDC artifacts are removed in steps of this many, so that no step holds the store for long; steps follow until none is left. */
const SWEEP_ROWS_MAX = 500;
const SWEEP_INTERVAL_MS = 30_000;

/** How soon the log shows what an import beside the running gateway changed, ms. */
const PENDING_CHANGES_INTERVAL_MS = 1_000;

/** How often data documents whose time is over are removed, ms. */
const PRUNE_INTERVAL_MS = 3_600_000;

export interface ChoreDeps {
  readonly records: Records;
  readonly audit: OpenedAuditLog;
  readonly clock: Clock;
  readonly log: Logger;
  /** Version of the grants that the policy began with. */
  readonly grantsVersion: number;
  readonly policy: Pick<PolicyEngine, 'dataRevision'>;
  /** Rebuilds the policy's data at every enforcement point. */
  readonly reload: () => Promise<void>;
  /** Makes a version of the policy data of what an import changed; false where the gateway itself changed it. */
  readonly absorbImport: () => Promise<boolean>;
  readonly imports: ImportFollower;
  readonly endLapsedSessions: (personId: PersonId, cause: string) => Promise<number>;
  /** Puts the pointer to the policy in force back where the log says that it was put. */
  readonly settlePointer: () => Promise<void>;
}

/** What the gateway does by itself now and then. Returns the end of it, which keeps the head of the log a last time. */
export function startChores(deps: ChoreDeps): () => Promise<void> {
  const { records, audit, log } = deps;
  const head = { log: audit, secrets: records.secrets };
  const timers = [
    every(GRANT_WATCH_INTERVAL_MS, watchGrants(deps), (failure) => log.error('policy.reload_failed', {}, failure)),
    every(
      PENDING_CHANGES_INTERVAL_MS,
      async () => {
        await recordPendingChanges({ pendingRecords: records.pendingRecords, audit, onRecorded: deps.imports.take });
        await deps.imports.settle(deps.endLapsedSessions);
      },
      (failure) => log.error('audit.changes_not_recorded', {}, failure),
    ),
    every(
      SWEEP_INTERVAL_MS,
      () => sweep(deps),
      (failure) => log.warn('oidc.sweep_failed', {}, failure),
    ),
    every(
      PRUNE_INTERVAL_MS,
      async () => {
        await records.policies.pruneData({ nowMs: deps.clock.nowMs(), activeDataRevision: deps.policy.dataRevision });
      },
      (failure) => log.warn('policy.prune_failed', {}, failure),
    ),
    every(ACTIVATION_WATCH_INTERVAL_MS, watchActivation(deps), (failure) => log.warn('policy.activation_not_compared', {}, failure)),
    every(
      LOG_HEAD_INTERVAL_MS,
      () => keepLogHead(head),
      (failure) => log.warn('audit.head_not_kept', {}, failure),
    ),
  ];
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await keepLogHead(head).catch((failure: unknown) => log.warn('audit.head_not_kept', {}, failure));
  };
}

/** One run at a time: a slow one delays the next instead of meeting it. */
function every(intervalMs: number, work: () => Promise<void>, onFailure: (failure: unknown) => void): NodeJS.Timeout {
  let isRunning = false;
  return setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    work()
      .catch(onFailure)
      .finally(() => (isRunning = false));
  }, intervalMs);
}

function watchGrants({ records, audit, clock, grantsVersion, reload, absorbImport, log }: ChoreDeps): () => Promise<void> {
  const onReloaded = async (version: number): Promise<void> => {
    if (!(await absorbImport())) return;
    await audit.append({ type: 'system', occurredAtMs: clock.nowMs(), event: 'configuration_imported', detail: `grants ${version}` });
  };
  const onFailure = (failure: unknown): void => log.error('policy.reload_failed', {}, failure);
  return createGrantWatch({ grants: records.grants, reload, onReloaded, onFailure }, grantsVersion);
}

function watchActivation({ records, audit, clock, settlePointer }: ChoreDeps): () => Promise<void> {
  const raise = (sourceId: string, active: boolean) =>
    audit.append({ type: 'alarm', occurredAtMs: clock.nowMs(), code: POINTER_MOVED, sourceType: 'policy', sourceId, active });
  return createActivationWatch({ store: records.policies, log: audit, raise, settle: settlePointer });
}

async function sweep({ records, clock }: ChoreDeps): Promise<void> {
  for (const store of [records.oidc, records.deskSessions]) {
    while ((await store.sweep(clock.nowMs(), SWEEP_ROWS_MAX)) === SWEEP_ROWS_MAX) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
