import { describe, expect, it } from 'vitest';
import { ALARM_REPEAT_MAX_MS, ALARM_REPEAT_MIN_MS, CARD_READS_PER_SECOND_MAX, ReaderLimits } from '#adapters/osdp/reader-limits.ts';

describe('limits of one reader', () => {
  it('takes the greatest number of cards a second, refuses the next, and takes one again when the second is over', () => {
    const limits = new ReaderLimits();
    for (let count = 0; count < CARD_READS_PER_SECOND_MAX; count += 1) expect(limits.allowsCard(100 + count)).toBe(true);
    expect(limits.allowsCard(1_099)).toBe(false);
    expect(limits.allowsCard(1_100)).toBe(true);
    expect(limits.allowsCard(1_100)).toBe(false);
  });

  it('raises one alarm of a kind in its time, and others meanwhile', () => {
    const limits = new ReaderLimits();
    expect(limits.allowsAlarm('osdp.mac_mismatch', 0)).toBe(true);
    expect(limits.allowsAlarm('osdp.mac_mismatch', ALARM_REPEAT_MIN_MS - 1)).toBe(false);
    expect(limits.allowsAlarm('osdp.key_mismatch', ALARM_REPEAT_MIN_MS - 1)).toBe(true);
    expect(limits.allowsAlarm('osdp.mac_mismatch', ALARM_REPEAT_MIN_MS)).toBe(true);
  });

  it('raises what goes on all night ever more rarely, and as new when it was away', () => {
    const limits = new ReaderLimits();
    const raisedMs: number[] = [];
    for (let nowMs = 0; nowMs < 8 * 3_600_000; nowMs += 1_000) if (limits.allowsAlarm('osdp.second_master', nowMs)) raisedMs.push(nowMs);
    expect(raisedMs.slice(0, 5)).toEqual([0, 10_000, 30_000, 70_000, 150_000]);
    expect(raisedMs.length).toBeLessThan(60);
    expect(Math.max(...raisedMs.slice(1).map((atMs, index) => atMs - (raisedMs[index] ?? 0)))).toBe(ALARM_REPEAT_MAX_MS);
    const laterMs = 8 * 3_600_000 + ALARM_REPEAT_MAX_MS;
    expect(limits.allowsAlarm('osdp.second_master', laterMs)).toBe(true);
    expect(limits.allowsAlarm('osdp.second_master', laterMs + ALARM_REPEAT_MIN_MS - 1)).toBe(false);
    expect(limits.allowsAlarm('osdp.second_master', laterMs + ALARM_REPEAT_MIN_MS)).toBe(true);
  });
});
