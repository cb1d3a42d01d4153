import { GatewayError } from '../../../domain/errors.ts';
import type { PolicyRevision } from '../../../domain/policy/revision.ts';
import type { ReplayRequest } from '../../../ports/policy-lab.ts';
import { allow, step, type PolicyLifeDeps } from './life-deps.ts';
import type { ImpactJob, PolicyLife } from './types.ts';

/** Finished jobs whose reports can still be asked for by their id; the newest report of a revision is in the store. */
export const IMPACT_JOBS_KEPT_MAX = 20;

interface Running {
  job: ImpactJob;
  readonly cancel: AbortController;
}

/** Replays of history under a draft: each runs by itself, can be watched and cancelled, and ends in a report. */
export function createImpactJobs(deps: PolicyLifeDeps): Pick<PolicyLife, 'startImpact' | 'impactJob' | 'cancelImpact'> {
  const jobs = new Map<string, Running>();
  return {
    startImpact: async ({ window, data, ...command }) => {
      const allowed = await allow(deps, 'policy.propose', command);
      if (!allowed.ok) return allowed;
      const { revision, decisionId } = allowed;
      if (revision.revision === null) return { ok: false, code: 'policy.wrong_state', revision };
      const running: Running = { job: newJob(deps.random.id('imp'), revision.id), cancel: new AbortController() };
      forgetOldest(jobs);
      jobs.set(running.job.id, running);
      const request: ReplayRequest = { revisionId: revision.id, window, data, todayDataRevision: deps.policy.dataRevision };
      const recorded = { operatorId: command.operator.id, decisionId };
      // Owned by the job: whatever happens becomes its state.
      void run(deps, { running, revision, request, recorded }).catch((failure: unknown) => {
        const message = failure instanceof GatewayError ? failure.publicMessage : 'The replay could not be finished or stored.';
        running.job = { ...running.job, state: 'failed', message };
      });
      return { ok: true, job: running.job };
    },
    impactJob: (jobId) => jobs.get(jobId)?.job ?? null,
    cancelImpact: (jobId) => {
      const running = jobs.get(jobId);
      if (running?.job.state !== 'running') return false;
      running.cancel.abort();
      return true;
    },
  };
}

function newJob(id: string, revisionId: string): ImpactJob {
  return { id, revisionId, state: 'running', progress: { decisions: 0, flips: 0, share01: 0 }, message: '', report: null };
}

interface Work {
  readonly running: Running;
  readonly revision: PolicyRevision;
  readonly request: ReplayRequest;
  readonly recorded: { readonly operatorId: string; readonly decisionId: string };
}

async function run(deps: PolicyLifeDeps, { running, revision, request, recorded }: Work): Promise<void> {
  await deps.ensurePlan(deps.policy.revision);
  const outcome = await deps.lab.replay(request, {
    signal: running.cancel.signal,
    onProgress: (progress) => {
      running.job = { ...running.job, progress };
    },
  });
  if (!outcome.ok) {
    const state = outcome.fault === 'cancelled' ? 'cancelled' : 'failed';
    running.job = { ...running.job, state, message: outcome.message };
    return;
  }
  const { report } = outcome;
  await deps.store.keepReport(revision.id, 'impact', report);
  const detail = `${report.flips} flips of ${report.replayed} decisions, ${report.decisions - report.replayed} not decided again`;
  const now = (await deps.store.find(revision.id)) ?? revision;
  // Untested or published already: the report is kept, and the state is what it was.
  await step(deps, now, { kind: 'impact_measured', revision: report.revision }, { event: 'impact_measured', detail, ...recorded });
  running.job = { ...running.job, state: 'done', report, progress: { decisions: report.decisions, flips: report.flips, share01: 1 } };
}

function forgetOldest(jobs: Map<string, Running>): void {
  for (const [id, { job }] of jobs) {
    if (jobs.size < IMPACT_JOBS_KEPT_MAX) return;
    if (job.state !== 'running') jobs.delete(id);
  }
}
