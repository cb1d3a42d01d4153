import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PASSAGES_MAX, stepDoor, type DoorEffect, type DoorEvent } from '#gateway/domain/doors/door-machine.ts';
import { INITIAL_DOOR_STATE, OUTPUT_REPORT_GRACE_MS, toDoorStatus, type DoorMachineState } from '#gateway/domain/doors/door-state.ts';
import type { DecisionId, PersonId } from '#gateway/domain/site/ids.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';

const door = sampleInstallation.doors.find(({ id }) => id === 'servers-door') ?? expect.fail('the sample has a server room');
const ada = 'usr_ada' as PersonId;
const decisionId = 'dec_1' as DecisionId;

function run(...events: readonly DoorEvent[]): { state: DoorMachineState; effects: DoorEffect[] } {
  let state = INITIAL_DOOR_STATE;
  const effects: DoorEffect[] = [];
  for (const event of events) {
    const next = stepDoor(door, state, event);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}

const online: DoorEvent = { kind: 'online', nowMs: 0, online: true };
const closed: DoorEvent = { kind: 'contact', nowMs: 0, contact: 'closed' };
const granted = (nowMs: number, extended = false): DoorEvent => ({ kind: 'granted', nowMs, decisionId, personId: ada, extended });
const contact = (nowMs: number, state: 'open' | 'closed' | 'unknown'): DoorEvent => ({ kind: 'contact', nowMs, contact: state });

const anyEvent: fc.Arbitrary<DoorEvent> = fc
  .nat(200_000)
  .chain((nowMs) =>
    fc.constantFrom<DoorEvent>(
      { kind: 'online', nowMs, online: true },
      { kind: 'online', nowMs, online: false },
      granted(nowMs),
      granted(nowMs, true),
      { kind: 'egress', nowMs, personId: null },
      { kind: 'egress_identified', nowMs, personId: ada },
      contact(nowMs, 'open'),
      contact(nowMs, 'closed'),
      contact(nowMs, 'unknown'),
      { kind: 'output', nowMs, active: true },
      { kind: 'output', nowMs, active: false },
      { kind: 'released', nowMs, decisionId },
      { kind: 'released', nowMs, decisionId: null },
      { kind: 'release_failed', nowMs, decisionId },
      { kind: 'tamper', nowMs, tampered: true },
      { kind: 'tick', nowMs },
    ),
  );

describe('door machine', () => {
  it('releases the lock for the release time on a permit, longer for who needs it', () => {
    expect(run(online, closed, granted(0)).effects).toEqual([{ kind: 'pulse', durationMs: 5_000 }]);
    expect(run(online, closed, granted(0, true)).effects).toEqual([{ kind: 'pulse', durationMs: 15_000 }]);
  });

  it('confirms the passage of one released person when the contact opens in time', () => {
    const { effects } = run(online, closed, granted(0), contact(5_000, 'open'));
    expect(effects.at(-1)).toEqual({ kind: 'passed', passage: { direction: 'entry', personId: ada, decisionId }, confirmed: true });
  });

  it('confirms nobody when one opening follows two permits', () => {
    const { effects } = run(online, closed, granted(0), granted(10), contact(100, 'open'));
    expect(effects.filter(({ kind }) => kind === 'passed')).toMatchObject([{ confirmed: false }, { confirmed: false }]);
  });

  it('says not passed when the door never opened', () => {
    const { effects, state } = run(online, closed, granted(0), { kind: 'tick', nowMs: 5_001 });
    expect(effects.at(-1)).toMatchObject({ kind: 'not_passed' });
    expect(state.release).toBeNull();
  });

  it('alarms a door that opens without a release, at the release limit and not before', () => {
    expect(run(online, closed, contact(1, 'open')).effects).toEqual([{ kind: 'alarm', code: 'door.forced', active: true }]);
    expect(run(online, closed, granted(0), contact(5_000, 'open')).effects.some(({ kind }) => kind === 'alarm')).toBe(false);
    expect(run(online, closed, granted(0), contact(5_001, 'open')).effects).toContainEqual({
      kind: 'alarm',
      code: 'door.forced',
      active: true,
    });
  });

  it('takes request-to-exit as a release, so the opening that follows is not forced', () => {
    const { effects } = run(online, closed, { kind: 'egress', nowMs: 0, personId: null }, contact(10, 'open'));
    expect(effects.some(({ kind }) => kind === 'alarm')).toBe(false);
  });

  it('alarms a door held open too long once, and clears both alarms when it closes', () => {
    const { effects, state } = run(
      online,
      closed,
      contact(0, 'open'),
      { kind: 'tick', nowMs: 30_000 },
      { kind: 'tick', nowMs: 30_001 },
      { kind: 'tick', nowMs: 40_000 },
      contact(50_000, 'closed'),
    );
    expect(effects).toEqual([
      { kind: 'alarm', code: 'door.forced', active: true },
      { kind: 'alarm', code: 'door.open_too_long', active: true },
      { kind: 'alarm', code: 'door.forced', active: false },
      { kind: 'alarm', code: 'door.open_too_long', active: false },
    ]);
    expect(toDoorStatus(door.id, state)).toMatchObject({ forced: false, openTooLong: false });
  });

  it.each<[string, DoorEvent[]]>([
    ['the contact line is shorted first', [contact(1, 'unknown')]],
    ['the bus is cut first', [{ kind: 'online', nowMs: 1, online: false }, online]],
  ])('alarms a forced opening although %s', (_, before) => {
    expect(run(online, closed, ...before, contact(2, 'open')).effects).toContainEqual({ kind: 'alarm', code: 'door.forced', active: true });
  });

  it('alarms a contact line that is cut while the reader answers, once, and clears it when it speaks again', () => {
    const { effects } = run(online, closed, contact(1, 'unknown'), contact(2, 'closed'));
    expect(effects).toEqual([
      { kind: 'alarm', code: 'door.contact_fault', active: true },
      { kind: 'alarm', code: 'door.contact_fault', active: false },
    ]);
  });

  it('does not take a door that stands open at the start for forced, and alarms it when it stays open', () => {
    const { effects } = run(online, contact(0, 'open'), { kind: 'tick', nowMs: 30_001 });
    expect(effects).toEqual([{ kind: 'alarm', code: 'door.open_too_long', active: true }]);
  });

  it('counts nobody as passed through an open door before the reader has released the lock', () => {
    const open = [online, contact(0, 'open')];
    expect(run(...open, granted(1)).effects.some(({ kind }) => kind === 'passed')).toBe(false);
    expect(run(...open, granted(1), { kind: 'released', nowMs: 2, decisionId }).effects.at(-1)).toMatchObject({
      kind: 'passed',
      confirmed: false,
    });
    expect(run(...open, granted(1), { kind: 'release_failed', nowMs: 2, decisionId }).effects.some(({ kind }) => kind === 'passed')).toBe(
      false,
    );
  });

  it('names who left when the reader’s look-up comes after the release', () => {
    const { effects } = run(
      online,
      closed,
      { kind: 'egress', nowMs: 0, personId: null },
      { kind: 'egress_identified', nowMs: 2, personId: ada },
      contact(100, 'open'),
    );
    expect(effects.at(-1)).toEqual({ kind: 'passed', passage: { direction: 'exit', personId: ada, decisionId: null }, confirmed: true });
  });

  it('shows locked only while the reader answers and says so', () => {
    const status = (...events: DoorEvent[]) => toDoorStatus(door.id, run(...events).state);
    expect(status()).toMatchObject({ lock: 'unknown', contact: 'unknown', mode: 'unknown', fault: 'reader_offline' });
    expect(status(online)).toMatchObject({ lock: 'unknown', fault: 'none' });
    expect(status(online, { kind: 'output', nowMs: 0, active: false })).toMatchObject({ lock: 'locked' });
    expect(status(online, { kind: 'output', nowMs: 0, active: false }, { kind: 'online', nowMs: 1, online: false })).toMatchObject({
      lock: 'unknown',
      contact: 'unknown',
    });
  });

  it('stops claiming unlocked when the reader never reports the end of the pulse', () => {
    const events: DoorEvent[] = [online, closed, granted(0), { kind: 'output', nowMs: 1, active: true }, { kind: 'tick', nowMs: 5_001 }];
    const at = (nowMs: number) => toDoorStatus(door.id, run(...events, { kind: 'tick', nowMs }).state).lock;
    expect(at(5_000 + OUTPUT_REPORT_GRACE_MS)).toBe('unlocked');
    expect(at(5_001 + OUTPUT_REPORT_GRACE_MS)).toBe('unknown');
  });

  it('keeps at most PASSAGES_MAX waiting people and still releases for the next', () => {
    const many = Array.from({ length: PASSAGES_MAX + 1 }, (_, i) => granted(i));
    const { state, effects } = run(online, closed, ...many);
    expect(state.passages).toHaveLength(PASSAGES_MAX);
    expect(effects).toHaveLength(PASSAGES_MAX + 1);
  });

  it('grants egress in every state that any history can reach', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), fc.nat(200_000), (history, nowMs) => {
        const { state } = run(...history);
        const { effects } = stepDoor(door, state, { kind: 'egress', nowMs, personId: null });
        expect(effects[0]).toEqual({ kind: 'pulse', durationMs: door.releaseMs });
      }),
      { numRuns: 500 },
    );
  });

  it('releases the lock for nothing but a permit or egress', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (history) => {
        const releases = history.filter(({ kind }) => kind === 'granted' || kind === 'egress').length;
        expect(run(...history).effects.filter(({ kind }) => kind === 'pulse')).toHaveLength(releases);
      }),
      { numRuns: 500 },
    );
  });
});
