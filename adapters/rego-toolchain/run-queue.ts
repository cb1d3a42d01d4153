import { GatewayError } from '#gateway/domain/errors.ts';

/**
 * Lets `runningMax` tasks run at once and `waitingMax` more wait in order; each compiler run may take half a gigabyte.
 * @throws request.rate_limited to every caller beyond
 */
export function createRunQueue(runningMax: number, waitingMax: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running === runningMax) {
      if (waiting.length === waitingMax) throw new GatewayError('request.rate_limited', 'the policy compiler is busy');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
