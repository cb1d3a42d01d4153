import type { PolicyRevision } from '../../../domain/policy/revision.ts';
import { transition } from '../../../domain/policy/transition.ts';
import { wayBack } from '../../../domain/policy/way-back.ts';
import type { PolicyActivation, PolicyStore } from '../../../ports/policy-store.ts';
import type { TakeTurn } from '../../directory/turns.ts';
import { findLoggedActivation, findMovedPointer } from '../logged-activation.ts';
import { allow, append, type Allowed, type PolicyLifeDeps } from './life-deps.ts';
import type { Command, LifeRefusal, LifeResult, PolicyLife } from './types.ts';

/** Activations that are looked through for the way back. With more the oldest are as if they had never been. */
const WAY_BACK_LOOKED_AT_MAX = 1_000;

/** What a roll-back without a name returns to; null when there is nothing. */
export async function findWayBack(store: Pick<PolicyStore, 'activations'>): Promise<string | null> {
  const newestFirst = await store.activations(WAY_BACK_LOOKED_AT_MAX);
  return wayBack(newestFirst.map(({ revisionId }) => revisionId).reverse());
}

type Moved = LifeResult<{ readonly revision: PolicyRevision }>;

/** What is in force: activation and the way back. One at a time, so that two operators never meet half-way. */
export function createActivation(
  deps: PolicyLifeDeps,
  takeTurn: TakeTurn,
): Pick<PolicyLife, 'activate' | 'rollBack' | 'settlePointer' | 'doorsRestarted'> {
  const run = async (command: Command, event: 'activated' | 'rolled_back'): Promise<Moved> => {
    const allowed = await allow(deps, 'policy.activate', command);
    // What was never in force is published and not gone back to: otherwise the log would tell of a roll-back where there was none.
    if (allowed.ok && event === 'rolled_back' && allowed.revision.activatedAtMs === null) {
      return { ok: false, code: 'policy.wrong_state', revision: allowed.revision };
    }
    return allowed.ok ? bringIntoForce(deps, allowed, { command, event }) : allowed;
  };
  return {
    activate: (command) => takeTurn(() => run(command, 'activated')),
    rollBack: ({ revisionId, ...command }) =>
      takeTurn(async () => {
        const back = revisionId ?? (await findWayBack(deps.store));
        if (back === null) return { ok: false, code: 'policy.nothing_before' };
        return run({ ...command, revisionId: back }, 'rolled_back');
      }),
    settlePointer: () => takeTurn(() => settlePointer(deps)),
    // It looked what is in force while it started: in the middle of an activation that may have been another one than now.
    doorsRestarted: () =>
      takeTurn(async () => {
        const inForce = (await findLoggedActivation(deps.audit)) ?? (await deps.store.activation());
        if (inForce === null) return;
        await deps.points.doors.prepare(inForce.revisionId);
        await deps.points.doors.swap(inForce.revisionId);
      }),
  };
}

interface Change {
  readonly pointer: PolicyActivation | null;
  readonly to: PolicyRevision;
  readonly superseded: PolicyRevision | null;
}

interface Cause {
  readonly command: Command;
  readonly event: 'activated' | 'rolled_back';
}

/**
 * Prepares it in every thread, which may fail and then nothing has changed; moves the stored pointer, from which a killed process starts
 * anew; then exchanges the pointers of the threads, and waits for each. Where the last fails, the stored pointer goes back first.
 */
async function bringIntoForce(deps: PolicyLifeDeps, { revision, decisionId }: Allowed, { command, event }: Cause): Promise<Moved> {
  const { points, store } = deps;
  const recorded = { operatorId: command.operator.id, reason: command.reason, decisionId };
  const change = await planChange(deps, revision);
  if ('ok' in change) return change;
  try {
    // This thread first: what is wrong with the bundle is known here by its name.
    await points.main.prepare(revision.id);
    await points.doors.prepare(revision.id);
    const { pointer, to, superseded } = change;
    const activatedAtMs = deps.clock.nowMs();
    if (!(await store.activate({ expectedNumber: pointer?.number ?? 0, to, superseded, activatedAtMs }))) {
      return { ok: false, code: 'policy.changed_meanwhile' };
    }
    await points.doors.swap(revision.id).catch((failure: unknown) => takeBack(deps, change, failure));
    await points.main.swap(revision.id);
    // It decides now: beside itself it has nothing to say.
    if (revision.state === 'shadow') await Promise.allSettled([points.doors.shadow(null), points.main.shadow(null)]);
  } catch (failure) {
    await append(deps, revision, { event: 'activation_failed', ...recorded });
    throw failure;
  }
  const from = change.superseded === null ? '' : `instead of ${change.superseded.id}`;
  await append(deps, revision, { event, ...recorded, detail: from });
  return { ok: true, revision: change.to };
}

async function planChange({ store, clock }: PolicyLifeDeps, revision: PolicyRevision): Promise<Change | LifeRefusal> {
  const pointer = await store.activation();
  const moved = transition(revision, { kind: 'activated', atMs: clock.nowMs() });
  if (!moved.ok) return moved;
  const active = pointer === null ? null : await store.find(pointer.revisionId);
  if (active === null) return { pointer, to: moved.revision, superseded: null };
  const left = transition(active, { kind: 'superseded' });
  return left.ok ? { pointer, to: moved.revision, superseded: left.revision } : left;
}

/** Only to what decides, and is in the log: whatever else the pointer should stand at is for an operator to say. */
async function settlePointer({ audit, clock, policy, store }: PolicyLifeDeps): Promise<void> {
  const logged = await findLoggedActivation(audit);
  if (logged === null || logged.revision !== policy.revision || (await findMovedPointer(store, logged)) === null) return;
  const [pointer, to] = await Promise.all([store.activation(), store.find(logged.revisionId)]);
  if (to?.revision !== logged.revision) return;
  const shown = pointer === null || pointer.revisionId === to.id ? null : await store.find(pointer.revisionId);
  await movePointerBack(store, { from: pointer?.number ?? 0, to, shown: shown?.state === 'active' ? shown : null, nowMs: clock.nowMs() });
}

interface WayBack {
  /** Number of the activation that does not hold. */
  readonly from: number;
  readonly to: PolicyRevision;
  /** What is stored as active, and is not. */
  readonly shown: PolicyRevision | null;
  readonly nowMs: number;
}

async function movePointerBack(store: Pick<PolicyStore, 'activate'>, { from, to, shown, nowMs }: WayBack): Promise<void> {
  await store.activate({
    expectedNumber: from,
    to: { ...to, state: 'active', activatedAtMs: nowMs },
    superseded: shown === null ? null : { ...shown, state: 'superseded' },
    activatedAtMs: nowMs,
  });
}

/** A thread that did not answer may be gone, and starts anew from the pointer: it has to find the old one there. */
async function takeBack({ store, points, clock }: PolicyLifeDeps, { pointer, to, superseded }: Change, failure: unknown): Promise<never> {
  if (superseded !== null) {
    await movePointerBack(store, { from: (pointer?.number ?? 0) + 1, to: superseded, shown: to, nowMs: clock.nowMs() });
    // It may only have been slow, and have swapped after all. If it is gone this fails, and its successor reads the pointer.
    await points.doors
      .prepare(superseded.id)
      .then(() => points.doors.swap(superseded.id))
      .catch(() => undefined);
  }
  throw failure;
}
