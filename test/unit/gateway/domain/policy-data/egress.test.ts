import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionNameSchema } from '#gateway/domain/access/action-name.ts';
import { stepDoor, type DoorEvent } from '#gateway/domain/doors/door-machine.ts';
import { INITIAL_DOOR_STATE, type DoorMachineState } from '#gateway/domain/doors/door-state.ts';
import { EMPTY_DOCUMENT, ITEM_SCHEMAS, PART_NAMES, RELAXABLE_REASONS, type PolicyDocument } from '#gateway/domain/policy/data/items.ts';
import { LIBRARY_PARAMETERS, librarySettingSchema, type LibraryPolicy } from '#gateway/domain/policy/data/library.ts';
import { toPolicyData } from '#gateway/domain/policy/data/to-policy-data.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import type { DecisionId, PersonId } from '#gateway/domain/site/ids.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';

/*
 * Life safety: whoever wants to leave is let out, and no policy is asked. The data is the part of the policy that is edited every day;
 * whatever it says, down to closing every door for everybody, a door answers `egress` as if there were none.
 */

const ALWAYS = { weekdays: [1, 2, 3, 4, 5, 6, 7], from_minute: 0, until_minute: 1_440, on_holidays: true };
const file = { schedules: { always: ALWAYS }, holidays: new Map<string, string[]>() };
const { doors, areas, sites } = sampleInstallation;

const epochMs = fc.integer({ min: 0, max: 2_000_000_000_000 });
const untilMs = fc.option(epochMs);
const one = <Value>(values: readonly Value[]) => fc.constantFrom(...values);
const doorId = one(doors.map(({ id }) => id as string));
const schedule = fc.oneof(fc.constant('always'), fc.constant('never'), fc.constant('night'));
const resource = fc.record({ kind: fc.constant('door' as const), id: doorId });
const level = fc.integer({ min: 0, max: 5 });
const items = <Item>(item: fc.Arbitrary<Item>, key: fc.Arbitrary<string> = one(['a', 'b', 'c'])) =>
  fc.dictionary(key, item, { maxKeys: 3 });

const anyWindow = fc.record({
  weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  from: one(['00:00', '08:00', '22:00']),
  until: one(['06:00', '16:30', '24:00']),
});
const anyParameters: Readonly<Record<LibraryPolicy, fc.Arbitrary<object>>> = {
  on_site: fc.constant({}),
  two_person: fc.record({ withinS: fc.integer({ min: 5, max: 60 }) }),
  face: fc.record({ liveness: one(['none', 'passive', 'active']) }),
  after_hours: fc.record({ schedule }),
  contractor: fc.record({ schedule }),
  device: fc.constant({}),
  travel: fc.constant({}),
};
const anySetting = one(Object.keys(LIBRARY_PARAMETERS) as LibraryPolicy[]).chain((policy) =>
  fc
    .record({ enabled: fc.boolean(), everywhere: fc.boolean(), doors: fc.uniqueArray(doorId), parameters: anyParameters[policy] })
    .map(({ enabled, everywhere, doors: at, parameters }) =>
      librarySettingSchema.parse({ policy, enabled, where: { everywhere, doors: at }, parameters }),
    ),
);
const anyDocument: fc.Arbitrary<PolicyDocument> = fc.record({
  profiles: items(fc.record({ name: fc.constant('P'), resources: fc.array(resource, { minLength: 1, maxLength: 3 }) })),
  grants: items(
    fc.record({
      profileId: one(['a', 'b', 'none']),
      holder: fc.record({ kind: one(['person', 'group', 'role'] as const), id: one(['ada', 'staff']) }),
      schedule,
      validFromMs: fc.constant(null),
      validUntilMs: untilMs,
      reason: fc.constant(''),
    }),
  ),
  schedules: items(
    fc.record({ name: fc.constant(''), windows: fc.array(anyWindow, { maxLength: 3 }), onHolidays: fc.boolean() }),
    one(['never', 'night']),
  ),
  holidays: items(
    fc.record({ siteId: one(sites.map(({ id }) => id as string)), date: one(['2026-12-25', '2026-10-25']), name: fc.constant('') }),
  ),
  areas: items(fc.record({ securityLevel: level }), one(areas.map(({ id }) => id as string))),
  threats: items(
    fc.record({ level, untilMs, note: fc.constant('') }),
    one(['global', ...sites.map(({ id }) => `site:${id}`), ...areas.map(({ id }) => `area:${id}`)]),
  ),
  exceptions: items(
    epochMs.chain((fromMs) =>
      fc.record({
        personId: fc.constant('ada'),
        resource,
        relaxes: fc.uniqueArray(one(RELAXABLE_REASONS), { minLength: 1 }),
        fromMs: fc.constant(fromMs),
        untilMs: fc.constant(fromMs + 1),
        reason: fc.constant('why not'),
      }),
    ),
  ),
  library: items(anySetting),
});

const decisionId = 'dec_1' as DecisionId;
const personId = 'usr_ada' as PersonId;
/** Everything that may happen at a door, faults included; `afterMs` since the event before. */
const anyEvent: fc.Arbitrary<(nowMs: number) => DoorEvent> = fc.oneof(
  fc.constant((nowMs: number): DoorEvent => ({ kind: 'egress', nowMs, personId: null })),
  one<(nowMs: number) => DoorEvent>([
    (nowMs) => ({ kind: 'granted', nowMs, decisionId, personId, extended: true }),
    (nowMs) => ({ kind: 'egress_identified', nowMs, personId }),
    (nowMs) => ({ kind: 'contact', nowMs, contact: 'open' }),
    (nowMs) => ({ kind: 'contact', nowMs, contact: 'closed' }),
    (nowMs) => ({ kind: 'contact', nowMs, contact: 'unknown' }),
    (nowMs) => ({ kind: 'output', nowMs, active: false }),
    (nowMs) => ({ kind: 'released', nowMs, decisionId: null }),
    (nowMs) => ({ kind: 'release_failed', nowMs, decisionId: null }),
    (nowMs) => ({ kind: 'online', nowMs, online: true }),
    (nowMs) => ({ kind: 'online', nowMs, online: false }),
    (nowMs) => ({ kind: 'tamper', nowMs, tampered: true }),
    (nowMs) => ({ kind: 'tick', nowMs }),
  ]),
);
const anyHistory = fc.array(fc.record({ afterMs: fc.nat(60_000), event: anyEvent }), { maxLength: 40 });
type History = readonly { readonly afterMs: number; readonly event: (nowMs: number) => DoorEvent }[];

/** Runs the history at every door; each egress must release the lock at once and for the door's whole time. */
function runEverywhere(installation: typeof sampleInstallation, history: History): readonly DoorMachineState[] {
  return installation.doors.map((door) => {
    let [state, nowMs] = [INITIAL_DOOR_STATE, 0];
    for (const { afterMs, event } of history) {
      nowMs += afterMs;
      const next = stepDoor(door, state, event(nowMs));
      if (event(nowMs).kind === 'egress') {
        expect(next.effects).toEqual([{ kind: 'pulse', durationMs: door.releaseMs }]);
        expect(next.state.release?.untilMs).toBeGreaterThanOrEqual(nowMs + door.releaseMs);
      }
      state = next.state;
    }
    return state;
  });
}

describe('egress', () => {
  it('is what it was before, at every door and after any events, whatever the policy data says', () => {
    fc.assert(
      fc.property(anyDocument, anyHistory, (document, history) => {
        const installation = structuredClone(sampleInstallation);
        const before = runEverywhere(installation, history);
        toPolicyData(document, file, createSiteMap(installation));
        // Of what a door goes by the data changes nothing: not its times, not its areas, not its readers.
        expect(installation).toEqual(sampleInstallation);
        expect(runEverywhere(installation, history)).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  it('has every part of the data against it in these documents', () => {
    const seen = new Set<string>();
    for (const document of fc.sample(anyDocument, { numRuns: 200, seed: 7 })) {
      for (const part of PART_NAMES) {
        for (const item of Object.values(document[part])) {
          expect(ITEM_SCHEMAS[part].safeParse(item)).toMatchObject({ success: true });
          seen.add(part);
        }
      }
    }
    expect([...seen].sort()).toEqual([...PART_NAMES].sort());
    expect(Object.keys(EMPTY_DOCUMENT).sort()).toEqual([...PART_NAMES].sort());
  });

  it('is no action that a policy could be asked about', () => {
    const ofDoors = actionNameSchema.options.filter((action) => action.startsWith('door.'));
    // Going in, and an operator who opens from afar.
    expect(ofDoors).toEqual(['door.unlock', 'door.operate']);
  });
});
