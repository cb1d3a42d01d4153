import { clockFormats, dayAndClockFormats, type Precision } from './time-formats.ts';

/** Today as a clock time, other days with their date. */
export function instantText(atMs: number, nowMs: number, locale?: string, precision: Precision = 'second'): string {
  const today = new Date(nowMs).toDateString() === new Date(atMs).toDateString();
  return (today ? clockFormats : dayAndClockFormats)[precision](locale).format(atMs);
}
