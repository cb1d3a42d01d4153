/** Formats are dear to make: each is made once for a locale. `undefined` is the browser's own. */
function perLocale<Format>(make: (locale: string | undefined) => Format): (locale: string | undefined) => Format {
  const made = new Map<string | undefined, Format>();
  return (locale) => {
    const known = made.get(locale) ?? make(locale);
    made.set(locale, known);
    return known;
  };
}

const clockParts = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;

export const clockFormat = perLocale((locale) => new Intl.DateTimeFormat(locale, clockParts));
export const dayAndClockFormat = perLocale((locale) => new Intl.DateTimeFormat(locale, { day: '2-digit', month: 'short', ...clockParts }));
export const fullFormat = perLocale((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' }));
export const relativeFormat = {
  dense: perLocale((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'narrow' })),
  sentence: perLocale((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' })),
} as const;
