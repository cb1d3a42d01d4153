import { fromBigInteger, type RegoNumber } from '../../values/decimal.ts';

const HOUR_NS = 3_600_000_000_000n;
const UNIT_NS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  '\u00b5s': 1_000n,
  '\u03bcs': 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: HOUR_NS,
};
/** OPA's own, which it turns into hours. */
const UNIT_HOURS: Readonly<Record<string, number>> = { d: 24, w: 7 * 24, y: 365 * 24 };
const SEGMENT = /(\d*)(\.?)(\d*)(ns|us|\u00b5s|\u03bcs|ms|s|m|h|d|w|y)/y;
const INT64_MAX = 2n ** 63n - 1n;
/** Go's duration, `1h30m` or `-1.5h`, and OPA's days, weeks and years. Undefined for what is none. */
export function parseDurationNs(text: string): RegoNumber | undefined {
  const isNegative = text.startsWith('-');
  const body = /^[+-]/.test(text) ? text.slice(1) : text;
  if (body === '0') return 0;
  if (body === '') return undefined;
  const isExtended = /[dwy]/.test(body);
  let [at, total] = [0, 0n];
  while (at < body.length) {
    SEGMENT.lastIndex = at;
    const [matched, whole = '', , fraction = '', unit = ''] = SEGMENT.exec(body) ?? [];
    // The reader of days, weeks and years does not know the Greek letter.
    if (matched === undefined || whole + fraction === '' || (isExtended && unit === '\u03bcs')) return undefined;
    total += segmentNs(whole, fraction, unit);
    at += matched.length;
  }
  // The lowest 64-bit number has no positive twin.
  if (total > INT64_MAX + (isNegative ? 1n : 0n)) return undefined;
  return fromBigInteger(isNegative ? -total : total);
}

/** Digits of a fraction that leave 64 bits do not count, as in Go. */
function countingDigits(fraction: string): string {
  const end = [...fraction].findIndex((_, index) => BigInt(`0${fraction.slice(0, index + 1)}`) > INT64_MAX);
  return end < 0 ? fraction : fraction.slice(0, end);
}

function segmentNs(whole: string, fraction: string, unit: string): bigint {
  const unitNs = UNIT_NS[unit];
  if (unitNs === undefined) {
    const hours = String(Number(`${whole}.${fraction}`) * (UNIT_HOURS[unit] ?? 0));
    // Beyond 1e21 hours there is no duration; below 1e-6 it is less than one nanosecond's rounding.
    const [hoursWhole = '', hoursFraction = ''] = /e/.test(hours) ? (hours.includes('e+') ? ['9'.repeat(21)] : ['0']) : hours.split('.');
    return segmentNs(hoursWhole, hoursFraction, 'h');
  }
  const digits = countingDigits(fraction);
  const part = Math.trunc(Number(digits === '' ? '0' : digits) * (Number(unitNs) / 10 ** digits.length));
  return BigInt(whole === '' ? '0' : whole) * unitNs + BigInt(part);
}
