import { GatewayError } from '#gateway/domain/errors.ts';

/** Jobs at once: doors and logins need the other core. */
const RUNNING_MAX = 1;
export const LAB_WAITING_MAX = 4;

/** One job after the other. @throws request.rate_limited to whoever would be one too many that wait */
export interface LabQueue {
  readonly enqueue: <Result>(task: () => Promise<Result>) => Promise<Result>;
  /** As `enqueue`; what is cancelled while it waits gives up its place at once and never runs. */
  readonly enqueueCancellable: <Result>(task: () => Promise<Result>, signal: AbortSignal, cancelled: Result) => Promise<Result>;
}

export function createLabQueue(waitingMax: number = LAB_WAITING_MAX): LabQueue {
  const waiting: (() => void)[] = [];
  let running = 0;
  /** False when it was cancelled before it was its turn. */
  const turn = async (signal: AbortSignal | null): Promise<boolean> => {
    if (signal?.aborted === true) return false;
    if (running < RUNNING_MAX) {
      running += 1;
      return true;
    }
    if (waiting.length === waitingMax) throw new GatewayError('request.rate_limited', 'Other drafts are being tried: try again later.');
    return new Promise((resolve) => {
      const begin = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve(true);
      };
      const leave = (): void => {
        waiting.splice(waiting.indexOf(begin), 1);
        resolve(false);
      };
      waiting.push(begin);
      signal?.addEventListener('abort', leave, { once: true });
    });
  };
  const perform = async <Result>(task: () => Promise<Result>): Promise<Result> => {
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
  return {
    enqueue: async (task) => {
      await turn(null);
      return perform(task);
    },
    enqueueCancellable: async (task, signal, cancelled) => ((await turn(signal)) ? perform(task) : cancelled),
  };
}
