import { useEffect, useState } from 'react';
import { instantText } from './instant-text.ts';

const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
const relative = {
  dense: new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'narrow' }),
  sentence: new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'long' }),
} as const;

/** Today as a clock time, other days with their date; the whole instant on hover. */
export function Instant({ atMs }: { atMs: number }) {
  const at = new Date(atMs);
  return (
    <time dateTime={at.toISOString()} title={full.format(at)}>
      {instantText(atMs, Date.now())}
    </time>
  );
}

export function Ago({ atMs }: { atMs: number }) {
  const nowMs = useNow(15_000);
  return (
    <time dateTime={new Date(atMs).toISOString()} title={full.format(atMs)}>
      {agoText(atMs, nowMs)}
    </time>
  );
}

export function agoText(atMs: number, nowMs: number, style: keyof typeof relative = 'dense'): string {
  const seconds = Math.round((atMs - nowMs) / 1_000);
  if (Math.abs(seconds) < 10) return 'now';
  if (Math.abs(seconds) < 60) return relative[style].format(seconds, 'second');
  if (Math.abs(seconds) < 3_600) return relative[style].format(Math.round(seconds / 60), 'minute');
  if (Math.abs(seconds) < 86_400) return relative[style].format(Math.round(seconds / 3_600), 'hour');
  return relative[style].format(Math.round(seconds / 86_400), 'day');
}

export function useNow(everyMs: number): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
