import type { ActionName } from '../../domain/access/action-name.ts';
import type { ObligationId } from '../../domain/access/obligation.ts';
import type { Operator } from '../access/types.ts';
import { actionsOn } from './names.ts';
import { harvest, SEARCHES_AT_ONCE_MAX, toSearchRecord, type SearchDeps } from './search.ts';
import { isRefused, type AskableType, type AuthzenClient, type Refused } from './types.ts';

/** Most people that one answer names. */
export const WHO_CAN_MAX = 10_000;

export interface WhoCan {
  readonly kind: 'found';
  readonly action: ActionName;
  /** By id; `conditions` = what they are asked for beside what they hold. */
  readonly people: readonly { readonly id: string; readonly conditions: readonly ObligationId[] }[];
  readonly considered: number;
  /** There are more than WHO_CAN_MAX. */
  readonly hasMore: boolean;
  readonly tookMs: number;
}

export type AskWhoCan = (
  operator: Pick<Operator, 'id' | 'channel'>,
  resource: { readonly type: AskableType; readonly id: string },
) => Promise<WhoCan | Refused>;

/** An operator at the gateway itself: asks about everything, and every condition can be met at a reader or a sign-in page of ours. */
const operatorAsClient = (id: string): AuthzenClient => ({
  id,
  mayAsk: () => true,
  fulfils: ['step_up', 'extended_open_time', 'pin'],
  hasSecureReaders: true,
});

/**
 * Who may pass this door, or sign in to this app, at this moment, presenting what they hold. Recorded like a search of a remote client.
 * @throws store.unavailable, audit.unavailable, policy.evaluation_failed
 */
export function createWhoCan(deps: Omit<SearchDeps, 'tokens' | 'channel'>): AskWhoCan {
  let running = 0;
  return async (operator, resource) => {
    if (running === SEARCHES_AT_ONCE_MAX) return { kind: 'refused', status: 429, message: 'too many searches run at this moment' };
    running += 1;
    try {
      return await ask(deps, operator, resource);
    } finally {
      running -= 1;
    }
  };
}

async function ask(
  deps: Omit<SearchDeps, 'tokens' | 'channel'>,
  operator: Pick<Operator, 'id' | 'channel'>,
  resource: { readonly type: AskableType; readonly id: string },
): Promise<WhoCan | Refused> {
  const startedUs = deps.clock.monotonicUs();
  const [action = 'door.unlock'] = actionsOn(resource.type);
  const search = { target: 'subject', subject: { type: 'user' }, action: { name: action }, resource, context: {} } as const;
  const epoch = await deps.people.epoch();
  const harvested = await harvest(await deps.candidates.open(operatorAsClient(operator.id), search, null), WHO_CAN_MAX, deps.clock);
  if (isRefused(harvested)) return harvested;
  await deps.audit.append(toSearchRecord({ ...deps, channel: operator.channel }, { askedBy: operator.id, search, harvested, epoch }));
  return {
    kind: 'found',
    action,
    people: harvested.found.map(({ key, obligations }) => ({ id: key, conditions: obligations })),
    considered: harvested.considered,
    hasMore: harvested.hasMore,
    tookMs: (deps.clock.monotonicUs() - startedUs) / 1_000,
  };
}
