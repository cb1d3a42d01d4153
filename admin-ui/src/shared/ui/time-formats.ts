/** Formats are dear to make: each is made once for a locale. `undefined` is the browser's own. */
function perLocale<Format>(make: (locale: string | undefined) => Format): (locale: string | undefined) => Format {
  const made = new Map<string | undefined, Format>();
  return (locale) => {
    const known = made.get(locale) ?? make(locale);
    made.set(locale, known);
    return known;
  };
}

export type Precision = 'second' | 'minute';

const minute = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const clocks = { minute, second: { ...minute, second: '2-digit' } } as const;
const day = { day: '2-digit', month: 'short' } as const;

const clockFormat = (precision: Precision) => perLocale((locale) => new Intl.DateTimeFormat(locale, clocks[precision]));
const dayAndClockFormat = (precision: Precision) =>
  perLocale((locale) => new Intl.DateTimeFormat(locale, { ...day, ...clocks[precision] }));

export const clockFormats = { minute: clockFormat('minute'), second: clockFormat('second') } as const;
export const dayAndClockFormats = { minute: dayAndClockFormat('minute'), second: dayAndClockFormat('second') } as const;
export const fullFormat = perLocale((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' }));
export const relativeFormat = {
  dense: perLocale((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'narrow' })),
  sentence: perLocale((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' })),
} as const;
