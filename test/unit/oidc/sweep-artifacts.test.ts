import { expect, it } from 'vitest';
import { createSweepArtifacts } from '#gateway/oidc/sweep-artifacts.ts';

const clock = { nowMs: () => 1_000, monotonicUs: () => 0 };

function storeOf(expired: number) {
  const steps: number[] = [];
  return {
    steps,
    sweep: async (_nowMs: number, limit: number) => {
      const removed = Math.min(limit, expired);
      expired -= removed;
      steps.push(removed);
      return removed;
    },
  };
}

it('goes on in bounded steps until nothing is left', async () => {
  const store = storeOf(7);
  expect(await createSweepArtifacts({ store, clock, rowsMax: 3 })()).toBe(7);
  expect(store.steps).toEqual([3, 3, 1]);
});

it('ends after as many steps as it may take; the next run goes on', async () => {
  const store = storeOf(10);
  const sweep = createSweepArtifacts({ store, clock, rowsMax: 3, stepsMax: 2 });
  expect([await sweep(), await sweep()]).toEqual([6, 4]);
});

it('lets a second run join the one under way, and starts anew after a failure', async () => {
  let isBroken = true;
  const store = {
    sweep: async () => {
      if (isBroken) throw new Error('the store is down');
      return 2;
    },
  };
  const sweep = createSweepArtifacts({ store, clock, rowsMax: 5 });
  await expect(sweep()).rejects.toThrow('down');
  isBroken = false;
  expect(await Promise.all([sweep(), sweep()])).toEqual([2, 2]);
});
