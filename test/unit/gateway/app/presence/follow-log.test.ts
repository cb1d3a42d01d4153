import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { createMemoryPresenceStore } from '#adapters/memory/presence-store.ts';
import { createDoorStates } from '#gateway/app/doors/door-states.ts';
import { createLogFollower, PROJECTION_PAUSES_MS } from '#gateway/app/presence/follow-log.ts';
import type { AuditRecordOf } from '#gateway/domain/audit/record.ts';
import { unheardDoorStatus } from '#gateway/domain/doors/door-state.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { DoorId, PersonId } from '#gateway/domain/site/ids.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import type { PresenceStore } from '#gateway/ports/presence-store.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ADA = 'usr_ada' as PersonId;
const MAIN = 'main' as DoorId;
const settled = () => vi.advanceTimersByTimeAsync(0);

function createRig(change: Partial<PresenceStore> = {}) {
  const clock = { nowMs: () => 1_000, monotonicUs: () => 0 };
  const audit = createMemoryAuditLog({ clock });
  const presence = createMemoryPresenceStore();
  const doorStates = createDoorStates(createSiteMap(sampleInstallation));
  const checks: string[] = [];
  const failures: string[] = [];
  const rig = {
    audit,
    presence,
    doorStates,
    checks,
    failures,
    check: (): Promise<number> => Promise.resolve(0),
    says: (state: AuditRecordOf<'presence'>['state'], personId: string = ADA) =>
      audit.append({
        type: 'presence',
        occurredAtMs: 1_000,
        personId,
        state,
        siteId: 'hq',
        areaId: state === 'inside' ? 'building' : null,
        confidence: 'medium',
        cause: 'badge_entry',
        decisionId: null,
      }),
    unfollow: () => unfollow(),
  };
  const unfollow = createLogFollower({
    audit,
    doorStates,
    presence: { ...presence, ...change },
    endLapsedSessions: (personId, cause) => {
      checks.push(`${personId} ${cause}`);
      return rig.check();
    },
    onFailure: (event) => failures.push(event),
  });
  return rig;
}

it('projects presence, and then asks again for the sessions of that person alone', async () => {
  const { says, presence, checks } = createRig();
  await says('inside');
  await settled();
  expect(await presence.find(ADA)).toMatchObject({ state: 'inside', areaId: 'building', sourceSeq: 1 });
  expect(checks).toEqual(['usr_ada presence:1']);
});

it('projects door states', async () => {
  const { audit, doorStates } = createRig();
  const state = { ...unheardDoorStatus(MAIN), contact: 'open' as const };
  await audit.append({ type: 'door_state', occurredAtMs: 1_000, cause: 'contact', decisionId: null, state });
  await settled();
  expect(doorStates.list().find(({ doorId }) => doorId === MAIN)?.status.contact).toBe('open');
});

it('asks for nobody when the stored presence is newer already', async () => {
  const { says, presence, checks } = createRig();
  await presence.put({
    personId: ADA,
    state: 'outside',
    siteId: null,
    areaId: null,
    confidence: 'high',
    observedAtMs: 2_000,
    sourceSeq: 9,
  });
  await says('inside');
  await settled();
  expect(checks).toEqual([]);
  expect(await presence.find(ADA)).toMatchObject({ state: 'outside' });
});

it('lets nobody wait for the session check of another person', async () => {
  const rig = createRig();
  rig.check = () => new Promise(() => undefined);
  await rig.says('outside');
  await rig.says('inside', 'usr_bob');
  await settled();
  expect(await rig.presence.find('usr_bob' as PersonId)).toMatchObject({ state: 'inside' });
  expect(rig.checks).toEqual(['usr_ada presence:1', 'usr_bob presence:2']);
});

it('runs one check of a person at a time, and one more for all changes meanwhile', async () => {
  const rig = createRig();
  const first = Promise.withResolvers<number>();
  rig.check = () => first.promise;
  for (const state of ['inside', 'outside', 'inside', 'outside'] as const) await rig.says(state);
  await settled();
  expect(rig.checks).toEqual(['usr_ada presence:1']);
  rig.check = () => Promise.resolve(0);
  first.resolve(0);
  await settled();
  expect(rig.checks).toEqual(['usr_ada presence:1', 'usr_ada presence:4']);
  await rig.says('inside');
  await settled();
  expect(rig.checks).toHaveLength(3);
});

it('reports a session check that failed and checks the next change again', async () => {
  const rig = createRig();
  rig.check = () => Promise.reject(new GatewayError('audit.unavailable', 'gone'));
  await rig.says('inside');
  await settled();
  await rig.says('outside');
  await settled();
  expect(rig.failures).toEqual(['presence.session_check_failed', 'presence.session_check_failed']);
});

it('asks a failing store again after each pause, in order, and goes on', async () => {
  let failuresLeft: number = PROJECTION_PAUSES_MS.length;
  const store = createMemoryPresenceStore();
  const rig = createRig({
    put: (presence) => (failuresLeft-- > 0 ? Promise.reject(new GatewayError('store.unavailable', 'busy')) : store.put(presence)),
  });
  await rig.says('inside');
  await rig.says('outside');
  await settled();
  expect(await store.find(ADA)).toBeNull();
  await vi.advanceTimersByTimeAsync(PROJECTION_PAUSES_MS.reduce((sum, pauseMs) => sum + pauseMs, 0));
  expect(await store.find(ADA)).toMatchObject({ state: 'outside', sourceSeq: 2 });
  expect(rig.failures).toEqual(PROJECTION_PAUSES_MS.map(() => 'presence.projection_failed'));
  expect(rig.checks).toEqual(['usr_ada presence:1', 'usr_ada presence:2']);
});

it('does not stop at an entry that the store never takes', async () => {
  const store = createMemoryPresenceStore();
  const rig = createRig({
    put: (presence) => (presence.sourceSeq === 1 ? Promise.reject(new GatewayError('store.unavailable', 'never')) : store.put(presence)),
  });
  await rig.says('inside');
  await rig.says('outside');
  await vi.runAllTimersAsync();
  expect(await store.find(ADA)).toMatchObject({ sourceSeq: 2 });
  expect(rig.failures).toHaveLength(PROJECTION_PAUSES_MS.length + 1);
});

it('hears nothing any more once it was ended', async () => {
  const { says, presence, unfollow } = createRig();
  unfollow();
  await says('inside');
  await settled();
  expect(await presence.find(ADA)).toBeNull();
});
