import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { clockText, DAY_MINUTES, minuteOf } from './clock-text.ts';

/** A time of day on some weekdays. Ends on the next day when it does not end after it begins; the weekdays are those on which it begins. */
export interface WeekWindow {
  /** ISO: 1 Monday .. 7 Sunday. */
  readonly weekdays: readonly number[];
  readonly fromMinute: number;
  readonly untilMinute: number;
}

export type ScheduleWindow = PolicyDataView['parts']['schedules'][string]['windows'][number];

export function toWeekWindow({ weekdays, from, until }: ScheduleWindow): WeekWindow {
  return { weekdays, fromMinute: minuteOf(from), untilMinute: minuteOf(until) };
}

export function toScheduleWindow({ weekdays, fromMinute, untilMinute }: WeekWindow): ScheduleWindow {
  return { weekdays: [...weekdays], from: clockText(fromMinute), until: clockText(untilMinute) };
}

/** A piece of one weekday. */
export interface DayBlock {
  readonly weekday: number;
  readonly fromMinute: number;
  readonly untilMinute: number;
}

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
export const weekdayNames: Readonly<Record<number, string>> = {
  1: 'Monday',
  2: 'Tuesday',
  3: 'Wednesday',
  4: 'Thursday',
  5: 'Friday',
  6: 'Saturday',
  7: 'Sunday',
};
const shortName = (weekday: number): string => (weekdayNames[weekday] ?? '').slice(0, 3);
const dayAfter = (weekday: number): number => (weekday % 7) + 1;

export function isOverMidnight({ fromMinute, untilMinute }: Pick<WeekWindow, 'fromMinute' | 'untilMinute'>): boolean {
  return untilMinute <= fromMinute;
}

/** The window as it lies in the week: what goes on past midnight is a piece of the next day. */
export function toBlocks(window: WeekWindow): readonly DayBlock[] {
  const { fromMinute, untilMinute } = window;
  return window.weekdays.flatMap((weekday) => {
    if (!isOverMidnight(window)) return [{ weekday, fromMinute, untilMinute }];
    const evening = { weekday, fromMinute, untilMinute: DAY_MINUTES };
    return untilMinute === 0 ? [evening] : [evening, { weekday: dayAfter(weekday), fromMinute: 0, untilMinute }];
  });
}

/** `Mon–Fri 22:00–06:00 the next day` */
export function describeWindow(window: WeekWindow): string {
  const until = isOverMidnight(window) && window.untilMinute > 0 ? `${clockText(window.untilMinute)} the next day` : endText(window);
  return `${describeWeekdays(window.weekdays)} ${clockText(window.fromMinute)}–${until}`;
}

function endText({ untilMinute }: WeekWindow): string {
  return clockText(untilMinute === 0 ? DAY_MINUTES : untilMinute);
}

/** Neighbouring days are joined from three on: `Mon–Fri, Sun`. */
export function describeWeekdays(weekdays: readonly number[]): string {
  const sorted = WEEKDAYS.filter((weekday) => weekdays.includes(weekday));
  if (sorted.length === 7) return 'Every day';
  const runs: number[][] = [];
  for (const weekday of sorted) {
    const last = runs.at(-1);
    if (last?.at(-1) === weekday - 1) last.push(weekday);
    else runs.push([weekday]);
  }
  return runs.map(describeRun).join(', ');
}

function describeRun(run: readonly number[]): string {
  const [first = 0] = run;
  if (run.length < 3) return run.map(shortName).join(', ');
  return `${shortName(first)}–${shortName(run.at(-1) ?? first)}`;
}

/** How much of the week is open, minutes; what lies in two windows counts once. */
export function openMinutes(windows: readonly WeekWindow[]): number {
  const blocks = windows.flatMap(toBlocks).toSorted((left, right) => left.weekday - right.weekday || left.fromMinute - right.fromMinute);
  let sum = 0;
  let day = 0;
  let end = 0;
  for (const { weekday, fromMinute, untilMinute } of blocks) {
    if (weekday !== day) [day, end] = [weekday, 0];
    sum += Math.max(0, untilMinute - Math.max(fromMinute, end));
    end = Math.max(end, untilMinute);
  }
  return sum;
}
