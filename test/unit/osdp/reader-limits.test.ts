import { describe, expect, it } from 'vitest';
import { ALARM_REPEAT_MIN_MS, CARD_READS_PER_SECOND_MAX, ReaderLimits } from '#adapters/osdp/reader-limits.ts';

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
});
