/** A moment as a site's clock on the wall shows it. */
export interface CivilTime {
  /** YYYY-MM-DD */
  readonly date: string;
  /** ISO: 1 Monday .. 7 Sunday. */
  readonly weekday: number;
  readonly minuteOfDay: number;
}

const MINUTE_MS = 60_000;

/**
 * Converts moments to civil time of one zone. Keeps the last minute's answer: zone offsets change only on whole minutes, and
 * decisions of one minute share it.
 * @throws RangeError for an unknown IANA zone.
 */
export function createCivilTime(timeZone: string): (epochMs: number) => CivilTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  let lastMinute = -1;
  let last: CivilTime = { date: '1970-01-01', weekday: 4, minuteOfDay: 0 };
  return (epochMs) => {
    const minute = Math.floor(epochMs / MINUTE_MS);
    if (minute === lastMinute) return last;
    last = toCivil(format, epochMs);
    lastMinute = minute;
    return last;
  };
}

function toCivil(format: Intl.DateTimeFormat, epochMs: number): CivilTime {
  const part = new Map(format.formatToParts(epochMs).map(({ type, value }) => [type, value]));
  const of = (type: Intl.DateTimeFormatPartTypes): string => part.get(type) ?? '';
  const date = `${of('year')}-${of('month')}-${of('day')}`;
  // A civil date has the same weekday in every zone: read it in UTC.
  const sundayBased = new Date(`${date}T00:00:00Z`).getUTCDay();
  return { date, weekday: sundayBased === 0 ? 7 : sundayBased, minuteOfDay: Number(of('hour')) * 60 + Number(of('minute')) };
}
