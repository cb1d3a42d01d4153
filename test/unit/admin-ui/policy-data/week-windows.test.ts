import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockText, DAY_MINUTES, parseClock } from '#admin-ui/src/features/policy-data/schedules/clock-text.ts';
import {
  describeWeekdays,
  describeWindow,
  isOverMidnight,
  openMinutes,
  toBlocks,
  WEEKDAYS,
  type WeekWindow,
} from '#admin-ui/src/features/policy-data/schedules/week-windows.ts';

const night: WeekWindow = { weekdays: [1, 7], fromMinute: 22 * 60, untilMinute: 6 * 60 };

const windows = fc.record({
  weekdays: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
  fromMinute: fc.integer({ min: 0, max: DAY_MINUTES - 1 }),
  untilMinute: fc.integer({ min: 1, max: DAY_MINUTES }),
});

describe('a window of the week', () => {
  it('goes on in the early hours of the next day when it spans midnight, Sunday into Monday too', () => {
    expect(toBlocks(night)).toEqual([
      { weekday: 1, fromMinute: 1_320, untilMinute: 1_440 },
      { weekday: 2, fromMinute: 0, untilMinute: 360 },
      { weekday: 7, fromMinute: 1_320, untilMinute: 1_440 },
      { weekday: 1, fromMinute: 0, untilMinute: 360 },
    ]);
  });

  it('is one piece a day when it ends the same day, at midnight at the latest', () => {
    const evening = { weekdays: [3], fromMinute: 1_080, untilMinute: DAY_MINUTES };
    expect(isOverMidnight(evening)).toBe(false);
    expect(toBlocks(evening)).toEqual([{ weekday: 3, fromMinute: 1_080, untilMinute: 1_440 }]);
  });

  it('lasts as long in pieces as it lasts as a whole', () => {
    fc.assert(
      fc.property(windows, (window) => {
        const lengthMinutes = window.untilMinute - window.fromMinute + (isOverMidnight(window) ? DAY_MINUTES : 0);
        const pieces = toBlocks(window).reduce((sum, block) => sum + block.untilMinute - block.fromMinute, 0);
        return pieces === lengthMinutes * window.weekdays.length;
      }),
    );
  });

  it.each([
    [{ weekdays: [1, 2, 3, 4, 5], fromMinute: 1_320, untilMinute: 360 }, 'Mon–Fri 22:00–06:00 the next day'],
    [{ weekdays: [6, 7], fromMinute: 0, untilMinute: 1_440 }, 'Sat, Sun 00:00–24:00'],
    [{ weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute: 480, untilMinute: 1_080 }, 'Every day 08:00–18:00'],
    [{ weekdays: [5, 1, 3], fromMinute: 480, untilMinute: 500 }, 'Mon, Wed, Fri 08:00–08:20'],
  ])('is said in words: %j', (window, words) => {
    expect(describeWindow(window)).toBe(words);
  });

  it('names a day alone, two days apart, three in a row', () => {
    expect(describeWeekdays([2])).toBe('Tue');
    expect(describeWeekdays([1, 2, 3, 5])).toBe('Mon–Wed, Fri');
  });
});

describe('the open time of a week', () => {
  it('counts what lies in two windows once', () => {
    const early = { weekdays: [1], fromMinute: 480, untilMinute: 720 };
    const late = { weekdays: [1], fromMinute: 600, untilMinute: 840 };
    expect(openMinutes([late, early])).toBe(360);
  });

  it('is never longer than the week, nor shorter than its longest window', () => {
    fc.assert(
      fc.property(fc.array(windows, { minLength: 1, maxLength: 5 }), (all) => {
        const sum = openMinutes(all);
        return sum <= 7 * DAY_MINUTES && all.every((window) => openMinutes([window]) <= sum);
      }),
    );
  });
});

describe('a time of day', () => {
  it('comes back as it was written', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: DAY_MINUTES - 1 }), (minute) => parseClock(clockText(minute)) === minute));
  });

  it.each(['', '24:00', '7:30', '12:60', '12:3', ' 12:30'])('is not read from %j', (text) => {
    expect(parseClock(text)).toBeNull();
  });
});
