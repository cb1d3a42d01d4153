import type { PolicyData } from '../../access/policy-data.ts';
import type { ItemOf, ScheduleWindow } from './items.ts';

type Sections = PolicyData['gatehouse'];
export type PlainSchedule = Sections['schedules'][string];
type WeeklySchedule = NonNullable<Sections['weekly']>[string];
type Schedule = ItemOf<'schedules'>;

const DAY_MINUTES = 1_440;

/** The one plain window that a schedule is; null for all others. A policy of an earlier release reads only these. */
export function toPlainSchedule({ windows, onHolidays }: Schedule): PlainSchedule | null {
  const [only, ...more] = windows;
  if (only === undefined || more.length > 0) return null;
  const [from, until] = [minuteOf(only.from), minuteOf(only.until)];
  if (until <= from) return null;
  return { weekdays: sorted(only.weekdays), from_minute: from, until_minute: until, on_holidays: onHolidays };
}

/** All windows, those over midnight cut in two: the second half belongs to the day before. */
export function toWeeklySchedule({ windows, onHolidays }: Schedule): WeeklySchedule {
  return { windows: windows.flatMap(toHalves), on_holidays: onHolidays };
}

export function fromPlainSchedule({ weekdays, from_minute, until_minute, on_holidays }: PlainSchedule): Schedule {
  return {
    name: '',
    windows: weekdays.length === 0 ? [] : [{ weekdays: [...weekdays], from: clockOf(from_minute), until: clockOf(until_minute) }],
    onHolidays: on_holidays,
  };
}

/** One that ends at or before its beginning ends on the day after; one that ends at midnight is whole. */
function toHalves({ weekdays, from, until }: ScheduleWindow): WeeklySchedule['windows'] {
  const [begin, end] = [minuteOf(from), minuteOf(until)];
  const whole = { weekdays: sorted(weekdays), from_minute: begin, until_minute: end, began_day_before: false };
  if (end > begin) return [whole];
  const evening = { ...whole, until_minute: DAY_MINUTES };
  if (end === 0) return [evening];
  return [evening, { weekdays: sorted(weekdays.map(nextDay)), from_minute: 0, until_minute: end, began_day_before: true }];
}

const nextDay = (weekday: number): number => (weekday % 7) + 1;
const sorted = (weekdays: readonly number[]): number[] => weekdays.toSorted((a, b) => a - b);

function minuteOf(clock: string): number {
  const [hours = '0', minutes = '0'] = clock.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
