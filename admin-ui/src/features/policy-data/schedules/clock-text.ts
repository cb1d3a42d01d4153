export const DAY_MINUTES = 1_440;

/** Minutes since midnight as hh:mm; the end of the day is 24:00. */
export function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** What an `<input type="time">` holds, as minutes since midnight; null while it is not complete. */
export function parseClock(text: string): number | null {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hour === undefined || minute === undefined ? null : Number(hour) * 60 + Number(minute);
}

/** A time of day of the contract, 00:00 to 24:00. @throws TypeError for anything else: the contract has checked it. */
export function minuteOf(time: string): number {
  const minute = time === '24:00' ? DAY_MINUTES : parseClock(time);
  if (minute === null) throw new TypeError(`not a time of day: ${time}`);
  return minute;
}
