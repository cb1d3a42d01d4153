import type { Clock } from '../../ports/clock.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import { propagate, type SuspendDeps } from './suspend.ts';

type ResumeDeps = Pick<SuspendDeps, 'sessions' | 'liveSessions' | 'doorNode' | 'audit'> & {
  readonly people: PeopleStore;
  readonly clock: Clock;
};

/**
 * At start: whoever is suspended or departed and still has a session (the gateway ended between the fence and the closing) is
 * closed now. Returns how many people had something left.
 */
export async function resumeRevocations(deps: ResumeDeps): Promise<number> {
  const closed = [...(await deps.people.listByStanding('suspended')), ...(await deps.people.listByStanding('departed'))];
  const epoch = await deps.people.epoch();
  let resumed = 0;
  for (const { id } of closed) {
    const nowMs = deps.clock.nowMs();
    const live = [...(await deps.liveSessions.ofPerson(id)), ...(await deps.sessions.ofPerson(id, nowMs))];
    if (live.length === 0) continue;
    await propagate(deps, { personId: id, epoch, requestedAtMs: nowMs });
    resumed += 1;
  }
  return resumed;
}
