import type { PersonId } from '../../domain/site/ids.ts';
import type { Presence } from '../../domain/presence/presence.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
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

/** A store that refuses a projection is asked again after these pauses, ms; entries behind it wait, so that none overtakes it. */
export const PROJECTION_PAUSES_MS = [50, 250, 1_000] as const;

/** Keeps the projections of the log current, and re-evaluates a person's live sessions when presence changed. Returns the end of it. */
export function createLogFollower(deps: LogFollowerDeps): () => void {
  const sessions = new SessionChecks(deps);
  // One change after the other: an exit must not be overtaken by the entry before it.
  let tail: Promise<void> = Promise.resolve();
  return deps.audit.subscribe((entry) => {
    deps.doorStates.apply(entry);
    const presence = presenceOf(entry);
    if (presence === null) return;
    tail = tail.then(async () => {
      if (await project(deps, presence)) sessions.check(presence.personId, `presence:${entry.seq}`);
    });
  });
}

/** Never throws: what is not projected now is when the gateway starts next. */
async function project(deps: LogFollowerDeps, presence: Presence): Promise<boolean> {
  for (const pauseMs of [...PROJECTION_PAUSES_MS, null]) {
    try {
      return await deps.presence.put(presence);
    } catch (failure) {
      deps.onFailure('presence.projection_failed', failure);
      if (pauseMs !== null) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
  return false;
}

/**
 * Apart from the projection, which everybody's decisions read: an app that is slow to hear of a logout must keep nobody else waiting. One
 * check of a person runs at a time and one more waits at most, since it reads the facts of then.
 */
class SessionChecks {
  readonly #deps: LogFollowerDeps;
  /** Person -> cause of the check that waits, or null. */
  readonly #running = new Map<PersonId, string | null>();

  constructor(deps: LogFollowerDeps) {
    this.#deps = deps;
  }

  check(personId: PersonId, cause: string): void {
    if (this.#running.has(personId)) this.#running.set(personId, cause);
    else void this.#run(personId, cause);
  }

  /** Owned by `#running`; never throws. */
  async #run(personId: PersonId, cause: string): Promise<void> {
    for (let next: string | null = cause; next !== null; next = this.#running.get(personId) ?? null) {
      this.#running.set(personId, null);
      await this.#deps
        .endLapsedSessions(personId, next)
        .catch((failure: unknown) => this.#deps.onFailure('presence.session_check_failed', failure));
    }
    this.#running.delete(personId);
  }
}
