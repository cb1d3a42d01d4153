import type { PersonId } from '../../domain/site/ids.ts';
import type { AuditEntry, AuditLog } from '../../ports/audit-log.ts';
import type { PresenceStore } from '../../ports/presence-store.ts';
import type { DoorStates } from '../doors/door-states.ts';
import { presenceOf } from './project-presence.ts';

export interface LogFollowerDeps {
  readonly audit: AuditLog;
  readonly doorStates: DoorStates;
  readonly presence: PresenceStore;
  readonly endLapsedSessions: (personId: PersonId, cause: string) => Promise<number>;
  readonly onFailure: (event: string, failure: unknown) => void;
}

/** Keeps the projections of the log current, and re-evaluates a person's live sessions when presence changed. Returns the end of it. */
export function createLogFollower(deps: LogFollowerDeps): () => void {
  // One change after the other: an exit must not be overtaken by the entry before it.
  let tail: Promise<void> = Promise.resolve();
  return deps.audit.subscribe((entry) => {
    deps.doorStates.apply(entry);
    if (entry.record.type !== 'presence') return;
    tail = tail.then(() => onPresence(deps, entry)).catch((failure: unknown) => deps.onFailure('presence.projection_failed', failure));
  });
}

async function onPresence(deps: LogFollowerDeps, entry: AuditEntry): Promise<void> {
  const presence = presenceOf(entry);
  if (presence === null || !(await deps.presence.put(presence))) return;
  await deps.endLapsedSessions(presence.personId, `presence:${entry.seq}`);
}
