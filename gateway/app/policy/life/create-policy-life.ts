import { impactReportSchema } from '../../../domain/policy/impact-report.ts';
import { checkReportSchema, testReportSchema } from '../../../domain/policy/reports.ts';
import { createTurns } from '../../directory/turns.ts';
import { formatFile } from '../format-file.ts';
import { createActivation, findWayBack } from './activate.ts';
import { createDrafts } from './drafts.ts';
import { createImpactJobs } from './impact-jobs.ts';
import type { PolicyLifeDeps } from './life-deps.ts';
import { createPublish } from './publish.ts';
import { createShadowRuns } from './shadow-runs.ts';
import type { PolicyLife } from './types.ts';

/** Activations that a list names. */
const ACTIVATIONS_LISTED_MAX = 100;

export function createPolicyLife(deps: PolicyLifeDeps): PolicyLife {
  const { store } = deps;
  // What is in force and what runs beside it change one after the other: a run would otherwise begin for what decides a moment later.
  const takeTurn = createTurns();
  const activation = createActivation(deps, takeTurn);
  const shadowRuns = createShadowRuns(deps, takeTurn);
  return {
    ...createDrafts(deps),
    ...createImpactJobs(deps),
    ...createPublish(deps),
    ...activation,
    ...shadowRuns,
    doorsRestarted: async () => {
      await activation.doorsRestarted();
      await shadowRuns.doorsRestarted();
    },
    list: (page) => store.list(page),
    format: (file) => formatFile(deps.toolchain, file),
    activations: async () => {
      const [newestFirst, wayBackId] = await Promise.all([store.activations(ACTIVATIONS_LISTED_MAX), findWayBack(store)]);
      return { newestFirst, wayBackId };
    },
    detail: async (revisionId) => {
      const [revision, content] = await Promise.all([store.find(revisionId), store.content(revisionId)]);
      if (revision === null || content === null) return null;
      const [check, test, impact] = await Promise.all([
        store.report(revisionId, 'check'),
        store.report(revisionId, 'test'),
        store.report(revisionId, 'impact'),
      ]);
      return {
        revision,
        content,
        check: checkReportSchema.nullable().parse(check),
        test: testReportSchema.nullable().parse(test),
        impact: impactReportSchema.nullable().parse(impact),
      };
    },
  };
}
