import type { PersonId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import { propagate, recordReceipt, type SuspendDeps } from './suspend.ts';
import type { RevocationReceipt } from './types.ts';

const SESSION_TARGETS: ReadonlySet<string> = new Set(['apps', 'console', 'vpn']);

type ResumeDeps = Pick<SuspendDeps, 'sessions' | 'liveSessions' | 'doorNode' | 'vpn' | 'leases' | 'audit'> & {
  readonly people: PeopleStore;
  readonly clock: Clock;
};

/**
 * At start: whoever is suspended or departed is closed again, because the gateway may have ended between the fence and the closing. What
 * no list of sessions shows is closed too: a sign-in without an app yet, a token without its session. Returns how many had something left;
 * only these have a receipt.
 */
export async function resumeRevocations(deps: ResumeDeps): Promise<number> {
  const closed = [...(await deps.people.listByStanding('suspended')), ...(await deps.people.listByStanding('departed'))];
  const epoch = await deps.people.epoch();
  let resumed = 0;
  const { leases = null } = deps;
  // Terminals ask for a new lease by themselves when the gateway is back: nobody waits for them, once for each person.
  const noWait = leases === null ? null : { recall: (id: PersonId) => leases.recall(id, 0) };
  for (const { id } of closed) {
    const receipt = await propagate({ ...deps, leases: noWait }, { personId: id, epoch, requestedAtMs: deps.clock.nowMs() });
    if (!hadSomethingLeft(receipt)) continue;
    await recordReceipt(deps, receipt);
    resumed += 1;
  }
  return resumed;
}

/** A target that does not answer may have something left. Doors keep nothing of a person, and terminals ask for leases by themselves. */
function hadSomethingLeft({ targets }: RevocationReceipt): boolean {
  return targets.some(
    ({ target, acknowledgedAtMs, count }) =>
      target !== 'leases' && (acknowledgedAtMs === null || (SESSION_TARGETS.has(target) && count > 0)),
  );
}
