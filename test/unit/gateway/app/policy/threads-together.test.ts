import { describe, expect, it } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryPolicyStore } from '#adapters/memory/policy-store.ts';
import { createActivation } from '#gateway/app/policy/life/activate.ts';
import type { PolicyLifeDeps } from '#gateway/app/policy/life/life-deps.ts';
import { createTurns } from '#gateway/app/directory/turns.ts';
import { createShadowRuns } from '#gateway/app/policy/life/shadow-runs.ts';
import type { PolicyRevision } from '#gateway/domain/policy/revision.ts';
import type { PolicyPoint } from '#gateway/ports/policy-point.ts';
import { sampleRevision } from '#test/support/policy/revisions.ts';

const NOTHING = { compared: 0, differences: 0, failures: 0, dropped: 0 };
const CONTENT = { files: [], tests: [] };
const clock = { nowMs: () => 1_000, monotonicUs: () => 0 };

/** A thread that remembers what it was given. */
function makePoint() {
  const given = { prepared: '', inForce: '', shadowed: null as string | null };
  const point: PolicyPoint = {
    prepare: async (revisionId) => void (given.prepared = revisionId),
    swap: async (revisionId) => {
      if (given.prepared !== revisionId) throw new Error('not prepared');
      given.inForce = revisionId;
    },
    shadow: async (revisionId) => void (given.shadowed = revisionId),
    shadowReport: async () => NOTHING,
  };
  return { point, given };
}

async function makeLife(revisions: readonly PolicyRevision[]) {
  const store = createMemoryPolicyStore();
  for (const revision of revisions) await store.add(revision, CONTENT);
  const active = revisions.find(({ state }) => state === 'active');
  if (active !== undefined) await store.activate({ expectedNumber: 0, to: active, superseded: null, activatedAtMs: 1 });
  const [doors, main] = [makePoint(), makePoint()];
  const audit = createMemoryAuditLog({ clock });
  // What keeps threads together asks for nothing else.
  const deps = { store, audit, clock, points: { doors: doors.point, main: main.point } } as unknown as PolicyLifeDeps;
  const takeTurn = createTurns();
  const [activation, shadowRuns] = [createActivation(deps, takeTurn), createShadowRuns(deps, takeTurn)];
  return { doors: doors.given, main: main.given, audit, activation, shadowRuns };
}

const inForce = sampleRevision({ id: 'rev_in_force', state: 'active', revision: 'a'.repeat(64) });
const candidate = sampleRevision({ id: 'rev_candidate', state: 'shadow', revision: 'b'.repeat(64) });

describe('a thread of the doors that starts anew', () => {
  it('gets what is in force, whatever it found while an activation failed around it', async () => {
    const { doors, activation } = await makeLife([inForce]);
    doors.inForce = 'rev_that_was_taken_back';
    await activation.doorsRestarted();
    expect(doors.inForce).toBe('rev_in_force');
  });

  it('keeps what it has read where nothing was ever brought into force', async () => {
    const { doors, activation } = await makeLife([]);
    await activation.doorsRestarted();
    expect(doors.inForce).toBe('');
  });

  it('gets the candidate of a shadow run that goes on', async () => {
    const { doors, shadowRuns } = await makeLife([inForce, candidate]);
    await shadowRuns.resumeShadow();
    doors.shadowed = null;
    await shadowRuns.doorsRestarted();
    expect(doors.shadowed).toBe('rev_candidate');
  });

  it('gets none where no run goes on', async () => {
    const { doors, shadowRuns } = await makeLife([inForce]);
    await shadowRuns.doorsRestarted();
    expect(doors.shadowed).toBeNull();
  });
});

describe('a gateway that starts anew', () => {
  it('goes on with a shadow run, in both threads, and says in the log that it counts anew', async () => {
    const { doors, main, audit, shadowRuns } = await makeLife([inForce, candidate]);
    await shadowRuns.resumeShadow();
    expect([doors.shadowed, main.shadowed]).toEqual(['rev_candidate', 'rev_candidate']);
    expect(await shadowRuns.shadow()).toMatchObject({ revisionId: 'rev_candidate' });
    const entries = await audit.read({ from: { afterSeq: 0 }, limit: 10 });
    expect(entries.map(({ record }) => record)).toMatchObject([{ event: 'shadow_started', revisionId: 'rev_candidate', operatorId: null }]);
  });

  it('records nothing where there was none', async () => {
    const { audit, shadowRuns } = await makeLife([inForce]);
    await shadowRuns.resumeShadow();
    expect(await audit.read({ from: { afterSeq: 0 }, limit: 10 })).toEqual([]);
    expect(await shadowRuns.shadow()).toMatchObject({ revisionId: null });
  });
});
