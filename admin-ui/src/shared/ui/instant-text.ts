import { clockFormat, dayAndClockFormat } from './time-formats.ts';

/** Today as a clock time, other days with their date. */
export function instantText(atMs: number, nowMs: number, locale?: string): string {
  const today = new Date(nowMs).toDateString() === new Date(atMs).toDateString();
  return (today ? clockFormat : dayAndClockFormat)(locale).format(atMs);
}
