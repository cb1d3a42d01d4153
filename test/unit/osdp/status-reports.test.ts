import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATUS_REPORTS, type StatusEffect, StatusReports } from '#adapters/osdp/status-reports.ts';
import { FakeTime } from './fake-after.ts';

const inputs = (...states: readonly number[]): StatusEffect => ({ kind: 'inputs', states });
const tamper = (tampered: boolean): StatusEffect => ({ kind: 'local_status', tampered, powerFailed: false });

function rig() {
  const time = new FakeTime();
  const told: StatusEffect[] = [];
  let held = 0;
  const reports = new StatusReports({
    tell: (effect) => told.push(effect),
    onHeld: () => (held += 1),
    monotonicMs: () => time.nowMs,
    after: time.after,
  });
  return { time, told, reports, held: () => held };
}

describe('states of a reader', () => {
  it('are told as they come up to the limit; one more waits until there is room', () => {
    const { time, told, reports, held } = rig();
    for (let count = 0; count < STATUS_REPORTS.max; count += 1) reports.take(inputs(count % 2));
    expect([told.length, held()]).toEqual([STATUS_REPORTS.max, 0]);
    reports.take(inputs(5));
    expect([told.length, held()]).toEqual([STATUS_REPORTS.max, 1]);
    time.advance(1_000 / STATUS_REPORTS.leakPerS);
    expect(told.at(-1)).toEqual(inputs(5));
    expect(time.waiting).toBe(0);
  });

  it('that flutter with each of 240 polls a second are told a few times, and what is true in the end is told', () => {
    const { time, told, reports, held } = rig();
    for (let poll = 0; poll < 240 * 10; poll += 1) {
      reports.take(inputs((poll + 1) % 2, 0));
      time.advance(1_000 / 240);
    }
    // Of two states each: something was active in between, and the newest.
    expect(told.length).toBeLessThanOrEqual(STATUS_REPORTS.max + 2 * 10 * STATUS_REPORTS.leakPerS);
    expect(held()).toBeGreaterThan(2_000);
    reports.take(inputs(1, 0));
    time.advance(1_000);
    expect(told.at(-1)).toEqual(inputs(1, 0));
  });

  it('in the end are the last ones that were said, whatever came and when', () => {
    const states = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 700 })), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(states, (said) => {
        const { time, told, reports } = rig();
        for (const [state, pauseMs] of said) {
          reports.take(inputs(state));
          time.advance(pauseMs);
        }
        time.advance(5_000);
        expect(told.at(-1)).toEqual(inputs(said.at(-1)?.[0] ?? -1));
      }),
    );
  });

  it('that were active for a moment are told as such: the button beside a door, a contact, a tamper switch', () => {
    const { time, told, reports } = rig();
    for (let count = 1; count <= STATUS_REPORTS.max; count += 1) {
      reports.take(inputs(count % 2, 0));
      reports.take(tamper(count % 2 === 1));
    }
    told.length = 0;
    reports.take(inputs(0, 1));
    reports.take(inputs(0, 0));
    reports.take(tamper(true));
    reports.take(tamper(false));
    time.advance(1_000);
    expect(told).toEqual([inputs(0, 1), inputs(0, 0), tamper(true), tamper(false)]);
  });

  it('of one kind do not wait for those of another', () => {
    const { told, reports } = rig();
    for (let count = 0; count < 100; count += 1) reports.take({ kind: 'outputs', states: [count % 2] });
    reports.take(inputs(1));
    expect(told.at(-1)).toEqual(inputs(1));
  });

  it('that are repeated and true already are no trouble', () => {
    const { told, reports, held } = rig();
    for (let count = 0; count < 1_000; count += 1) reports.take(inputs(1, 0));
    expect([told.length, held()]).toEqual([STATUS_REPORTS.max, 0]);
  });

  it('are not told any more when the reader has left', () => {
    const { time, told, reports } = rig();
    for (let count = 0; count < 100; count += 1) reports.take(inputs(count % 2));
    reports.forget();
    time.advance(10_000);
    expect(told).toHaveLength(STATUS_REPORTS.max);
    expect(time.waiting).toBe(0);
  });
});
