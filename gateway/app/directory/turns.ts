import { GatewayError } from '../../domain/errors.ts';

/** Changes that wait for the one under way. */
export const DIRECTORY_WAITING_MAX = 1_000;

export type TakeTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** One change after the other: what a change was compared with is what it changes. @throws request.rate_limited too many wait */
export function createTurns(waitingMax = DIRECTORY_WAITING_MAX): TakeTurn {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (work) => {
    if (waiting >= waitingMax) throw new GatewayError('request.rate_limited', 'Too many changes wait already.');
    waiting += 1;
    const turn = last.then(work).finally(() => (waiting -= 1));
    last = turn.catch(() => undefined);
    return turn;
  };
}
