import { useEffect, useState } from 'react';
import { instantText } from './instant-text.ts';
import { fullFormat, relativeFormat, type Precision } from './time-formats.ts';
import { useWords } from './words.ts';

/** For times inside a sentence, to the minute. */
export function useInstantText(): (atMs: number) => string {
  const { locale } = useWords();
  return (atMs) => instantText(atMs, Date.now(), locale, 'minute');
}

/** Today as a clock time, other days with their date; the whole instant on hover. */
export function Instant({ atMs, precision = 'second' }: { atMs: number; precision?: Precision }) {
  const { locale } = useWords();
  const at = new Date(atMs);
  return (
    <time dateTime={at.toISOString()} title={fullFormat(locale).format(at)}>
      {instantText(atMs, Date.now(), locale, precision)}
    </time>
  );
}

export function Ago({ atMs, style = 'dense' }: { atMs: number; style?: keyof typeof relativeFormat }) {
  const { locale, now } = useWords();
  const nowMs = useNow(15_000);
  return (
    <time dateTime={new Date(atMs).toISOString()} title={fullFormat(locale).format(atMs)}>
      {agoText(atMs, nowMs, style, { locale, now })}
    </time>
  );
}

export function agoText(
  atMs: number,
  nowMs: number,
  style: keyof typeof relativeFormat = 'dense',
  { locale, now }: { readonly locale?: string | undefined; readonly now: string } = { now: 'now' },
): string {
  const seconds = Math.round((atMs - nowMs) / 1_000);
  if (Math.abs(seconds) < 10) return now;
  const relative = relativeFormat[style](locale);
  if (Math.abs(seconds) < 60) return relative.format(seconds, 'second');
  if (Math.abs(seconds) < 3_600) return relative.format(Math.round(seconds / 60), 'minute');
  if (Math.abs(seconds) < 86_400) return relative.format(Math.round(seconds / 3_600), 'hour');
  return relative.format(Math.round(seconds / 86_400), 'day');
}

export function useNow(everyMs: number): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
