import { describe, expect, it } from 'vitest';
import { createCivilTime } from '#gateway/domain/site/civil-time.ts';

describe('civil time', () => {
  it.each([
    ['Europe/Berlin', Date.UTC(2026, 10, 3, 9, 0), { date: '2026-11-03', weekday: 2, minuteOfDay: 600 }],
    ['Europe/Lisbon', Date.UTC(2026, 10, 3, 9, 0), { date: '2026-11-03', weekday: 2, minuteOfDay: 540 }],
    ['Pacific/Auckland', Date.UTC(2026, 10, 1, 12, 0), { date: '2026-11-02', weekday: 1, minuteOfDay: 60 }],
    ['UTC', Date.UTC(2026, 10, 1, 0, 0), { date: '2026-11-01', weekday: 7, minuteOfDay: 0 }],
  ])('reads the clock of %s', (zone, at, expected) => {
    expect(createCivilTime(zone)(at)).toEqual(expected);
  });

  it('jumps over the hour that daylight saving leaves out', () => {
    const berlin = createCivilTime('Europe/Berlin');
    const before = Date.UTC(2026, 2, 29, 0, 59, 59, 999);
    expect(berlin(before).minuteOfDay).toBe(119);
    expect(berlin(before + 1).minuteOfDay).toBe(180);
    expect(berlin(before).minuteOfDay).toBe(119);
  });

  it('refuses a zone that does not exist', () => {
    expect(() => createCivilTime('Mars/Olympus')).toThrow(RangeError);
  });
});
