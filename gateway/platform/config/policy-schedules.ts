import type { PolicyData } from '../../domain/access/policy-data.ts';
import type { ScheduleConfig } from './config.ts';

/** Schedules in the shape that the policy reads. */
export function toPolicySchedules(schedules: Readonly<Record<string, ScheduleConfig>>): PolicyData['gatehouse']['schedules'] {
  return Object.fromEntries(
    Object.entries(schedules).map(([name, { weekdays, fromMinute, untilMinute, onHolidays }]) => [
      name,
      { weekdays: [...weekdays], from_minute: fromMinute, until_minute: untilMinute, on_holidays: onHolidays },
    ]),
  );
}
