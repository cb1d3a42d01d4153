const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  day: '2-digit',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** Today as a clock time, other days with their date. */
export function instantText(atMs: number, nowMs: number): string {
  const today = new Date(nowMs).toDateString() === new Date(atMs).toDateString();
  return (today ? clock : dayAndClock).format(atMs);
}
