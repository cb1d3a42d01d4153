import type { PolicyRevision } from '../../../domain/policy/revision.ts';
import { transition } from '../../../domain/policy/transition.ts';
import { allow, append, step, type PolicyLifeDeps } from './life-deps.ts';
import type { PolicyLife, ShadowStatus } from './types.ts';

/** Newest revisions among which a start looks for the one whose run goes on. */
const RESUME_LOOKED_AT_MAX = 1_000;
const PAGE = 100;

/** A candidate beside what is in force, on live traffic. One at a time. A new start of a thread goes on with it, and counts anew. */
export function createShadowRuns(
  deps: PolicyLifeDeps,
): Pick<PolicyLife, 'startShadow' | 'endShadow' | 'shadow' | 'resumeShadow'> & { readonly doorsRestarted: () => Promise<void> } {
  const { points, store } = deps;
  let current: string | null = null;
  /** The revision whose run goes on; one that was brought into force meanwhile runs no more. */
  const running = async (): Promise<string | null> => {
    if (current !== null && (await store.find(current))?.state !== 'shadow') current = null;
    return current;
  };
  const status = async (): Promise<ShadowStatus> => {
    const [doors, main] = await Promise.all([points.doors.shadowReport(), points.main.shadowReport()]);
    return { revisionId: await running(), points: { doors, main } };
  };
  return {
    startShadow: async (command) => {
      const allowed = await allow(deps, 'policy.activate', command);
      if (!allowed.ok) return allowed;
      const { revision, decisionId } = allowed;
      const other = await running();
      if (other !== null && other !== revision.id) return { ok: false, code: 'policy.changed_meanwhile' };
      // The run that an earlier start of the gateway had ended goes on.
      const isResumed = revision.state === 'shadow';
      const moved = transition(revision, { kind: 'shadow_started' });
      if (!isResumed && !moved.ok) return moved;
      try {
        await Promise.all([points.doors.shadow(revision.id), points.main.shadow(revision.id)]);
      } catch (failure) {
        await Promise.allSettled([points.doors.shadow(null), points.main.shadow(null)]);
        throw failure;
      }
      current = revision.id;
      if (isResumed) return { ok: true, revision };
      const { reason, operator } = command;
      return step(deps, revision, { kind: 'shadow_started' }, { event: 'shadow_started', operatorId: operator.id, reason, decisionId });
    },
    endShadow: async (command) => {
      const allowed = await allow(deps, 'policy.activate', command);
      if (!allowed.ok) return allowed;
      const { reason, operator } = command;
      const found = await status();
      await Promise.all([points.doors.shadow(null), points.main.shadow(null)]);
      current = null;
      const detail = summaryOf(found);
      const { decisionId } = allowed;
      const revision = (await store.find(command.revisionId)) ?? allowed.revision;
      return step(deps, revision, { kind: 'shadow_ended' }, { event: 'shadow_ended', operatorId: operator.id, reason, detail, decisionId });
    },
    shadow: status,
    resumeShadow: async () => {
      const revision = await findShadowed(store);
      if (revision === null) return;
      await Promise.all([points.doors.shadow(revision.id), points.main.shadow(revision.id)]);
      current = revision.id;
      await append(deps, revision, { event: 'shadow_started', detail: 'goes on after a start of the gateway; counted anew' });
    },
    doorsRestarted: async () => {
      const revisionId = await running();
      if (revisionId !== null) await points.doors.shadow(revisionId);
    },
  };
}

const summaryOf = ({ points }: ShadowStatus): string =>
  Object.entries(points)
    .map(([name, { compared, differences, dropped }]) => `${name}: ${differences} of ${compared} differ, ${dropped} dropped`)
    .join('; ');

async function findShadowed(store: PolicyLifeDeps['store']): Promise<PolicyRevision | null> {
  let beforeId: string | null = null;
  for (let lookedAt = 0; lookedAt < RESUME_LOOKED_AT_MAX; lookedAt += PAGE) {
    const page: readonly PolicyRevision[] = await store.list({ beforeId, limit: PAGE });
    const found = page.find(({ state }) => state === 'shadow');
    if (found !== undefined) return found;
    beforeId = page.at(-1)?.id ?? null;
    if (page.length < PAGE || beforeId === null) return null;
  }
  return null;
}
