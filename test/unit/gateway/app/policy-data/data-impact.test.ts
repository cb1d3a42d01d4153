import { expect, it } from 'vitest';
import { createDataImpact, DATA_IMPACT_JOBS_MAX } from '#gateway/app/policy-data/data-impact.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { PolicyLab } from '#gateway/ports/policy-lab.ts';
import { until } from '#test/support/running-gateway.ts';

const data = { gatehouse: { profiles: {}, grants: {}, schedules: {}, operator_roles: {} } };
const plan = { before: data, after: data };
const window = { fromMs: 0, toMs: 1 };

function createRig(replay: PolicyLab['replay']) {
  let made = 0;
  const id = (prefix: string): string => `${prefix}_${(made += 1)}`;
  const impact = createDataImpact({
    store: { activation: async () => null, keepData: async () => 'data' },
    lab: { replay },
    ensurePlan: async () => null,
    policy: { revision: 'r' },
    clock: { nowMs: () => 0, monotonicUs: () => 0 },
    random: { id, bytes: (length) => new Uint8Array(length) },
  });
  const ended = (jobId: string) =>
    until('the job', 5_000, () => {
      const job = impact.job(jobId);
      return job?.state === 'running' ? null : job;
    });
  return { impact, ended };
}

it('says why a replay did not run, where that may be said', async () => {
  const busy = createRig(() => Promise.reject(new GatewayError('request.rate_limited', 'Other drafts are being tried: try again later.')));
  const { id } = await busy.impact.start(plan, window);
  expect(await busy.ended(id)).toMatchObject({ state: 'failed', message: 'Other drafts are being tried: try again later.' });
  const broken = createRig(() => Promise.reject(new TypeError('/secret/path')));
  const other = await broken.impact.start(plan, window);
  expect(await broken.ended(other.id)).toMatchObject({ state: 'failed', message: 'The replay could not be finished.' });
});

it('is cancelled once, and not after it has ended', async () => {
  const { impact, ended } = createRig(
    (_request, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ ok: false, fault: 'cancelled', message: 'it was cancelled' }));
      }),
  );
  const { id } = await impact.start(plan, window);
  // The job asks for the replay after it has kept the data.
  await new Promise((resolve) => setImmediate(resolve));
  expect(impact.cancel(id)).toBe(true);
  expect(await ended(id)).toMatchObject({ state: 'cancelled' });
  expect(impact.cancel(id)).toBe(false);
  expect(impact.cancel('imp_none')).toBe(false);
});

it('forgets the oldest of those that have ended', async () => {
  const { impact, ended } = createRig(async () => ({ ok: false, fault: 'time', message: 'too long' }));
  const ids: string[] = [];
  for (let job = 0; job <= DATA_IMPACT_JOBS_MAX; job += 1) {
    const { id } = await impact.start(plan, window);
    ids.push(id);
    await ended(id);
  }
  expect(ids.map((id) => impact.job(id) !== null)).toEqual([false, ...Array.from({ length: DATA_IMPACT_JOBS_MAX }, () => true)]);
});
