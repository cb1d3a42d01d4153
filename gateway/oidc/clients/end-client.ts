import type { PersonId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OidcStore } from '../../ports/oidc-store.ts';
import type { ClientDirectory } from './client-directory.ts';
import type { ClientSessions } from '../sessions/live-sessions.ts';

/** Artifacts of a client that are looked at in one go. */
const STEP_ROWS_MAX = 500;
/** People whose sessions end at the same time: each app is told of each of them. */
const AT_ONCE_MAX = 8;

/** Ends whatever a client holds: of everybody their sessions at it, and its grants and tokens. @throws store.unavailable, audit.unavailable */
export type EndClient = (clientId: string, cause: string) => Promise<void>;

interface Deps {
  readonly store: Pick<OidcStore, 'ofClient' | 'destroy'>;
  readonly liveSessions: Pick<ClientSessions, 'endClientOf'>;
  readonly directory: Pick<ClientDirectory, 'whileLeaving'>;
  readonly clock: Clock;
}

/**
 * The client is denied everything already. It is still told that its sessions end; what it fetched in the meantime is destroyed after that,
 * when the provider knows it no longer.
 */
export function createEndClient({ clock, directory, liveSessions, store }: Deps): EndClient {
  const peopleOf = async (clientId: string): Promise<readonly PersonId[]> => {
    const artifacts = await store.ofClient(clientId, STEP_ROWS_MAX, clock.nowMs());
    // Only the provider writes artifacts, of people whom it has found.
    return [...new Set(artifacts.flatMap(({ personId }) => (personId === null ? [] : [personId as PersonId])))];
  };

  const destroyRest = async (clientId: string): Promise<number> => {
    const artifacts = await store.ofClient(clientId, STEP_ROWS_MAX, clock.nowMs());
    for (const { id, model } of artifacts) await store.destroy(model, id);
    return artifacts.length;
  };

  return async (clientId, cause) => {
    let found = 0;
    do {
      const people = await peopleOf(clientId);
      await directory.whileLeaving(clientId, async () => {
        for (let index = 0; index < people.length; index += AT_ONCE_MAX) {
          const some = people.slice(index, index + AT_ONCE_MAX);
          await Promise.all(some.map(async (personId) => liveSessions.endClientOf(personId, clientId, cause)));
        }
      });
      found = await destroyRest(clientId);
      // What was looked at is gone: each round is about others.
    } while (found === STEP_ROWS_MAX);
  };
}
