import { GatewayError } from '../../domain/errors.ts';
import type { ImpactReport, ReplayWindow } from '../../domain/policy/impact-report.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PolicyEngine } from '../../ports/policy-engine.ts';
import type { PolicyLab, ReplayProgress } from '../../ports/policy-lab.ts';
import type { PolicyStore } from '../../ports/policy-store.ts';
import type { Random } from '../../ports/random.ts';
import type { EnsurePlan } from '../policy/ensure-plan.ts';
import type { ImpactJob } from '../policy/life/types.ts';
import type { DataPlan } from './types.ts';

/** Finished jobs whose reports can still be asked for. */
export const DATA_IMPACT_JOBS_MAX = 10;

export interface DataImpactDeps {
  readonly store: Pick<PolicyStore, 'activation' | 'keepData'>;
  readonly lab: Pick<PolicyLab, 'replay'>;
  readonly ensurePlan: EnsurePlan;
  readonly policy: Pick<PolicyEngine, 'revision'>;
  readonly clock: Clock;
  readonly random: Random;
}

export interface DataImpact {
  /** Makes every decision of the window again, with the data of now and with the planned one. */
  start(plan: Pick<DataPlan, 'before' | 'after'>, window: ReplayWindow): Promise<ImpactJob>;
  job(id: string): ImpactJob | null;
  /** False when there is no such job that runs. */
  cancel(id: string): boolean;
}

interface Running {
  job: ImpactJob;
  readonly cancel: AbortController;
}

export function createDataImpact(deps: DataImpactDeps): DataImpact {
  const jobs = new Map<string, Running>();
  return {
    start: async (plan, window) => {
      const revisionId = (await deps.store.activation())?.revisionId ?? '';
      const job = newJob(deps.random.id('imp'), revisionId);
      const running: Running = { job, cancel: new AbortController() };
      forgetOldest(jobs);
      jobs.set(job.id, running);
      // Owned by the job: whatever happens becomes its state.
      void run(deps, running, { plan, window }).catch((failure: unknown) => {
        const message = failure instanceof GatewayError ? failure.publicMessage : 'The replay could not be finished.';
        running.job = { ...running.job, state: 'failed', message };
      });
      return job;
    },
    job: (id) => jobs.get(id)?.job ?? null,
    cancel: (id) => {
      const running = jobs.get(id);
      if (running?.job.state !== 'running') return false;
      running.cancel.abort();
      return true;
    },
  };
}

function newJob(id: string, revisionId: string): ImpactJob {
  return { id, revisionId, state: 'running', progress: { decisions: 0, flips: 0, share01: 0 }, message: '', report: null };
}

async function run(
  deps: DataImpactDeps,
  running: Running,
  { plan, window }: { readonly plan: Pick<DataPlan, 'before' | 'after'>; readonly window: ReplayWindow },
): Promise<void> {
  const nowMs = deps.clock.nowMs();
  // Kept under their names, where the thread of the replay finds them.
  const [beforeDataRevision, todayDataRevision] = [
    await deps.store.keepData(plan.before, nowMs),
    await deps.store.keepData(plan.after, nowMs),
  ];
  await deps.ensurePlan(deps.policy.revision);
  const request = { revisionId: running.job.revisionId, window, data: 'today', todayDataRevision, beforeDataRevision } as const;
  const onProgress = (progress: ReplayProgress): void => {
    running.job = { ...running.job, progress };
  };
  const outcome = await deps.lab.replay(request, { signal: running.cancel.signal, onProgress });
  if (outcome.ok) running.job = { ...running.job, ...done(outcome.report) };
  else running.job = { ...running.job, state: outcome.fault === 'cancelled' ? 'cancelled' : 'failed', message: outcome.message };
}

function done(report: ImpactReport): Pick<ImpactJob, 'state' | 'report' | 'progress'> {
  return { state: 'done', report, progress: { decisions: report.decisions, flips: report.flips, share01: 1 } };
}

function forgetOldest(jobs: Map<string, Running>): void {
  for (const [id, { job }] of jobs) {
    if (jobs.size < DATA_IMPACT_JOBS_MAX) return;
    if (job.state !== 'running') jobs.delete(id);
  }
}
