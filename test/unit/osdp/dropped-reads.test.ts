import { describe, expect, it } from 'vitest';
import { DroppedReads, DROPS_OVER_AFTER_MS } from '#adapters/osdp/dropped-reads.ts';
import { toDropAlarm } from '#adapters/osdp/reader-events.ts';
import { ALARM_REPEAT_MIN_MS } from '#adapters/osdp/reader-limits.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';

describe('reads that a reader’s limit dropped', () => {
  it('are reported at once when a burst begins, and the rest when it is over', () => {
    const drops = new DroppedReads();
    expect(drops.add(0)).toEqual({ count: 1, isOver: false });
    expect([drops.add(10), drops.add(20)]).toEqual([null, null]);
    expect(drops.remainingMs(20)).toBe(DROPS_OVER_AFTER_MS);
    expect(drops.remainingMs(20 + DROPS_OVER_AFTER_MS)).toBe(0);
    expect(drops.end()).toEqual({ count: 2, isOver: true });
  });

  it('are reported again while a burst goes on, not before the alarm may be repeated', () => {
    const drops = new DroppedReads();
    drops.add(0);
    expect(drops.add(ALARM_REPEAT_MIN_MS - 1)).toBeNull();
    expect(drops.add(ALARM_REPEAT_MIN_MS)).toEqual({ count: 2, isOver: false });
  });

  it('add up to every one of them, however many bursts there are', () => {
    const drops = new DroppedReads();
    let reported = 0;
    for (let read = 0; read < 1_000; read += 1) {
      reported += drops.add(read * 50)?.count ?? 0;
      if (read % 7 === 0) reported += drops.end()?.count ?? 0;
    }
    expect(reported + (drops.end()?.count ?? 0)).toBe(1_000);
  });

  it('say nothing between bursts', () => {
    const drops = new DroppedReads();
    expect([drops.end(), drops.remainingMs(0)]).toEqual([null, null]);
    drops.add(0);
    drops.end();
    expect([drops.end(), drops.remainingMs(0)]).toEqual([null, null]);
  });

  it('are an alarm of the reader with their count', () => {
    expect(toDropAlarm('front' as ReaderId, { count: 3, isOver: true }, 5)).toEqual({
      kind: 'alarm',
      readerId: 'front',
      code: 'osdp.card_rate_exceeded',
      dropped: { count: 3, isOver: true },
      occurredAtMs: 5,
    });
  });
});
