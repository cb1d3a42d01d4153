import { describe, expect, it } from 'vitest';
import { BURST_REPEAT_MS, Burst } from '#adapters/osdp/burst.ts';
import { toBurstAlarm } from '#adapters/osdp/reader-events.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';

const OVER_AFTER_MS = 1_000;

describe('what a burst is made of', () => {
  it('is reported at once when it begins, and the rest when it is over', () => {
    const burst = new Burst(OVER_AFTER_MS);
    expect(burst.add(0)).toEqual({ count: 1, isOver: false });
    expect([burst.add(10), burst.add(20)]).toEqual([null, null]);
    expect(burst.remainingMs(20)).toBe(OVER_AFTER_MS);
    expect(burst.remainingMs(20 + OVER_AFTER_MS)).toBe(0);
    expect(burst.end()).toEqual({ count: 2, isOver: true });
  });

  it('is reported again while it goes on, not before the alarm may be repeated', () => {
    const burst = new Burst(OVER_AFTER_MS);
    burst.add(0);
    expect(burst.add(BURST_REPEAT_MS - 1)).toBeNull();
    expect(burst.add(BURST_REPEAT_MS)).toEqual({ count: 2, isOver: false });
  });

  it('adds up to every one of them, however many bursts there are', () => {
    const burst = new Burst(OVER_AFTER_MS);
    let reported = 0;
    for (let read = 0; read < 1_000; read += 1) {
      reported += burst.add(read * 50)?.count ?? 0;
      if (read % 7 === 0) reported += burst.end()?.count ?? 0;
    }
    expect(reported + (burst.end()?.count ?? 0)).toBe(1_000);
  });

  it('says nothing between bursts', () => {
    const burst = new Burst(OVER_AFTER_MS);
    expect([burst.end(), burst.remainingMs(0)]).toEqual([null, null]);
    burst.add(0);
    burst.end();
    expect([burst.end(), burst.remainingMs(0)]).toEqual([null, null]);
  });

  it('is an alarm of the reader with their count', () => {
    expect(toBurstAlarm('front' as ReaderId, 'osdp.card_rate_exceeded', { count: 3, isOver: true }, 5)).toEqual({
      kind: 'alarm',
      readerId: 'front',
      code: 'osdp.card_rate_exceeded',
      dropped: { count: 3, isOver: true },
      occurredAtMs: 5,
    });
  });
});
