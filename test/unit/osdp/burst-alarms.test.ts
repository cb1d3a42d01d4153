import { describe, expect, it } from 'vitest';
import { BurstAlarms, FAULT_OVER_AFTER_MS } from '#adapters/osdp/burst-alarms.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import { FakeTime } from './fake-after.ts';

const [front, back] = ['front', 'back'] as readonly string[] as readonly [ReaderId, ReaderId];

function rig() {
  const time = new FakeTime();
  const told: unknown[] = [];
  const alarms = new BurstAlarms({
    report: (readerId, code, { count, isOver }) => told.push([readerId, code, count, isOver]),
    monotonicMs: () => time.nowMs,
    after: time.after,
  });
  return { time, told, alarms };
}

describe('a condition that goes on', () => {
  it('is one alarm with a beginning, and an end that has the count of the rest', () => {
    const { time, told, alarms } = rig();
    for (let count = 0; count < 100; count += 1) {
      alarms.add(front, 'osdp.busy_flood');
      time.advance(100);
    }
    expect(told).toEqual([[front, 'osdp.busy_flood', 1, false]]);
    time.advance(FAULT_OVER_AFTER_MS - 101);
    expect(told).toHaveLength(1);
    time.advance(1);
    expect(told).toEqual([
      [front, 'osdp.busy_flood', 1, false],
      [front, 'osdp.busy_flood', 99, true],
    ]);
    expect(time.waiting).toBe(0);
  });

  it('is another alarm for another reader and another condition, and again when it comes back', () => {
    const { time, told, alarms } = rig();
    alarms.add(front, 'osdp.busy_flood');
    alarms.add(front, 'osdp.line_noise');
    alarms.add(back, 'osdp.busy_flood');
    expect(told).toHaveLength(3);
    time.advance(FAULT_OVER_AFTER_MS);
    alarms.add(front, 'osdp.busy_flood');
    expect(told).toHaveLength(7);
  });

  it('is over when the line is stopped', () => {
    const { time, told, alarms } = rig();
    alarms.add(front, 'osdp.polls_refused');
    alarms.add(front, 'osdp.polls_refused');
    alarms.endAll();
    expect(told.at(-1)).toEqual([front, 'osdp.polls_refused', 1, true]);
    expect(time.waiting).toBe(0);
  });
});
