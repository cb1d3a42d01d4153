import type { PolicyRevision } from '../../../domain/policy/revision.ts';
import { transition } from '../../../domain/policy/transition.ts';
import type { TakeTurn } from '../../directory/turns.ts';
import { allow, append, step, type PolicyLifeDeps } from './life-deps.ts';
import type { Command, PolicyLife, ShadowStatus } from './types.ts';

/** Newest revisions among which a start looks for the one whose run goes on. */
const RESUME_LOOKED_AT_MAX = 1_000;
const PAGE = 100;

type ShadowRuns = Pick<PolicyLife, 'startShadow' | 'endShadow' | 'shadow' | 'resumeShadow'> & {
  readonly doorsRestarted: () => Promise<void>;
};

/** A candidate beside what is in force, on live traffic. One at a time. A new start of a thread goes on with it, and counts anew. */
export function createShadowRuns(deps: PolicyLifeDeps, takeTurn: TakeTurn): ShadowRuns {
  const { points, store } = deps;
  const runs = new ShadowRun(deps);
  return {
    startShadow: (command) => takeTurn(() => start(deps, runs, command)),
    endShadow: (command) => takeTurn(() => end(deps, runs, command)),
    shadow: () => runs.status(),
    resumeShadow: () =>
      takeTurn(async () => {
        const revision = await findShadowed(store);
        if (revision === null) return;
        await runs.begin(revision.id);
        await append(deps, revision, { event: 'shadow_started', detail: 'goes on after a start of the gateway; counted anew' });
      }),
    doorsRestarted: () =>
      takeTurn(async () => {
        const revisionId = await runs.current();
        if (revisionId !== null) await points.doors.shadow(revisionId);
      }),
  };
}

/** The run that goes on in the threads that decide. */
class ShadowRun {
  readonly #deps: Pick<PolicyLifeDeps, 'points' | 'store'>;
  #revisionId: string | null = null;

  constructor(deps: Pick<PolicyLifeDeps, 'points' | 'store'>) {
    this.#deps = deps;
  }

  /** One that was brought into force meanwhile runs no more. */
  async current(): Promise<string | null> {
    const asked = this.#revisionId;
    if (asked !== null && (await this.#deps.store.find(asked))?.state !== 'shadow' && this.#revisionId === asked) this.#revisionId = null;
    return this.#revisionId;
  }

  async status(): Promise<ShadowStatus> {
    const { doors, main } = this.#deps.points;
    const [ofDoors, ofMain] = await Promise.all([doors.shadowReport(), main.shadowReport()]);
    return { revisionId: await this.current(), points: { doors: ofDoors, main: ofMain } };
  }

  /** In every thread or in none. */
  async begin(revisionId: string): Promise<void> {
    const { doors, main } = this.#deps.points;
    try {
      await Promise.all([doors.shadow(revisionId), main.shadow(revisionId)]);
    } catch (failure) {
      await Promise.allSettled([doors.shadow(null), main.shadow(null)]);
      throw failure;
    }
    this.#revisionId = revisionId;
  }

  async end(): Promise<void> {
    const { doors, main } = this.#deps.points;
    await Promise.all([doors.shadow(null), main.shadow(null)]);
    this.#revisionId = null;
  }
}

type Moved = ReturnType<PolicyLife['startShadow']>;

async function start(deps: PolicyLifeDeps, runs: ShadowRun, command: Command): Moved {
  const allowed = await allow(deps, 'policy.activate', command);
  if (!allowed.ok) return allowed;
  const { revision, decisionId } = allowed;
  const other = await runs.current();
  if (other !== null && other !== revision.id) return { ok: false, code: 'policy.changed_meanwhile' };
  // The run that an earlier start of the gateway had ended goes on.
  const isResumed = revision.state === 'shadow';
  const moved = transition(revision, { kind: 'shadow_started' });
  if (!isResumed && !moved.ok) return moved;
  await runs.begin(revision.id);
  if (isResumed) return { ok: true, revision };
  const { reason, operator } = command;
  return step(deps, revision, { kind: 'shadow_started' }, { event: 'shadow_started', operatorId: operator.id, reason, decisionId });
}

async function end(deps: PolicyLifeDeps, runs: ShadowRun, command: Command): Moved {
  const allowed = await allow(deps, 'policy.activate', command);
  if (!allowed.ok) return allowed;
  const { revision, decisionId } = allowed;
  const moved = transition(revision, { kind: 'shadow_ended' });
  if (!moved.ok) return moved;
  const { reason, operator } = command;
  const found = await runs.status();
  // Where another one runs beside what is in force, that run is none of this revision's.
  if (found.revisionId === revision.id) await runs.end();
  const detail = found.revisionId === revision.id ? summaryOf(found) : '';
  return step(deps, revision, { kind: 'shadow_ended' }, { event: 'shadow_ended', operatorId: operator.id, reason, detail, decisionId });
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
