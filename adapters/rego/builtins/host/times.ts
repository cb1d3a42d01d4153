import { Temporal } from 'temporal-polyfill';
import { bigIntegerOf, fromBigInteger, integerOf } from '../../values/decimal.ts';
import type { RegoValue } from '../../values/rego-value.ts';
import type { Builtin } from '../builtin.ts';

const MS_NS = 1_000_000n;
const SECOND_NS = 1_000_000_000n;
const MINUTE_NS = 60n * SECOND_NS;
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
/** An hour of one digit and a comma are Go's leniency. */
const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/;
/** More years, months or days than these leave the 64 bits of nanoseconds anyway. */
const DATE_STEP_MAX = 1_000_000;

interface Moment {
  readonly ns: bigint;
  readonly timeZone: string;
}

/** Civil time in the moment's zone. */
interface Civil {
  readonly date: readonly [year: number, month: number, day: number];
  readonly clock: readonly [hour: number, minute: number, second: number];
  readonly weekday: number;
  /** Nanoseconds since 1970 as if the civil time were UTC. */
  readonly localNs: bigint;
}

/** Nanoseconds, or `[nanoseconds, zone]`. The zone of the machine (`Local`) is refused: a decision must not depend on it. */
function momentOf(value: RegoValue | undefined): Moment | undefined {
  const [number, timeZone = 'UTC'] = Array.isArray(value) ? (value as readonly RegoValue[]) : [value];
  const ns = bigIntegerOf(number);
  if (ns === undefined || ns > INT64_MAX || ns < INT64_MIN || typeof timeZone !== 'string') return undefined;
  if (timeZone === '' || timeZone === 'UTC') return { ns, timeZone: 'UTC' };
  return isTimeZone(timeZone) ? { ns, timeZone } : undefined;
}

/** Zones that have been asked for; there are some 600. */
const ZONES_MAX = 1_000;
const zones = new Map<string, boolean>();

function isTimeZone(name: string): boolean {
  const known = zones.get(name);
  if (known !== undefined) return known;
  if (zones.size >= ZONES_MAX) zones.clear();
  const found = isNamedZone(name);
  zones.set(name, found);
  return found;
}

/** A name as the database writes it, letter by letter; offsets are no names. */
function isNamedZone(name: string): boolean {
  try {
    return /^[A-Z]/.test(name) && Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId === name;
  } catch {
    // No such zone: undefined, as every wrong argument.
    return false;
  }
}

function offsetNs(ns: bigint, timeZone: string): bigint {
  if (timeZone === 'UTC') return 0n;
  return BigInt(Temporal.Instant.fromEpochNanoseconds(ns).toZonedDateTimeISO(timeZone).offsetNanoseconds);
}

function civilOf({ ns, timeZone }: Moment): Civil {
  const localNs = ns + offsetNs(ns, timeZone);
  const rest = ((localNs % MS_NS) + MS_NS) % MS_NS;
  const utc = new Date(Number((localNs - rest) / MS_NS));
  return {
    date: [utc.getUTCFullYear(), utc.getUTCMonth() + 1, utc.getUTCDate()],
    clock: [utc.getUTCHours(), utc.getUTCMinutes(), utc.getUTCSeconds()],
    weekday: utc.getUTCDay(),
    localNs,
  };
}

const onMoment =
  (compute: (civil: Civil) => RegoValue | undefined): Builtin =>
  (value) => {
    const moment = momentOf(value);
    return moment === undefined ? undefined : compute(civilOf(moment));
  };

export const dateOf = onMoment(({ date }) => date);
export const clockOf = onMoment(({ clock }) => clock);
export const weekdayOf = onMoment(({ weekday }) => WEEKDAYS[weekday]);

function withinRange(ns: bigint): RegoValue | undefined {
  return ns > INT64_MAX || ns < INT64_MIN ? undefined : fromBigInteger(ns);
}

/** Days beyond a month's end run on into the next, as in Go. */
export const addDate: Builtin = (value, years, months, days) => {
  const moment = momentOf(value);
  const steps = [integerOf(years), integerOf(months), integerOf(days)];
  if (moment === undefined || !steps.every((step) => step !== undefined && Math.abs(step) <= DATE_STEP_MAX)) return undefined;
  const [year = 0, month = 0, day = 0] = civilOf(moment).date.map((part, index) => part + (steps[index] ?? 0));
  const { localNs } = civilOf(moment);
  const midnightMs = new Date(0).setUTCFullYear(year, month - 1, day);
  if (Number.isNaN(midnightMs)) return undefined;
  const dayNs = 24n * 60n * MINUTE_NS;
  return withinRange(fromLocal(BigInt(midnightMs) * MS_NS + (((localNs % dayNs) + dayNs) % dayNs), moment.timeZone));
};

/** Go's rule for civil times that a zone has twice or never: the offset in force at the first guess. */
function fromLocal(localNs: bigint, timeZone: string): bigint {
  return localNs - offsetNs(localNs - offsetNs(localNs, timeZone), timeZone);
}

/** Years, months, days, hours, minutes and seconds between two moments, in the zone of the first. */
export const differenceOf: Builtin = (left, right) => {
  const [first, second] = [momentOf(left), momentOf(right)];
  if (first === undefined || second === undefined) return undefined;
  const ordered = first.ns > second.ns ? [second.ns, first.ns] : [first.ns, second.ns];
  const [earlier, later] = ordered.map((ns) => civilOf({ ns, timeZone: first.timeZone }));
  if (earlier === undefined || later === undefined) return undefined;
  const parts = [...later.date, ...later.clock].map((part, index) => part - ([...earlier.date, ...earlier.clock][index] ?? 0));
  const monthDays = new Date(Date.UTC(earlier.date[0], earlier.date[1], 0)).getUTCDate();
  for (const [index, size] of [
    [5, 60],
    [4, 60],
    [3, 24],
    [2, monthDays],
    [1, 12],
  ] as const) {
    const part = parts[index] ?? 0;
    if (part >= 0) continue;
    parts[index] = part + size;
    parts[index - 1] = (parts[index - 1] ?? 0) - 1;
  }
  return parts;
};

/** RFC 3339 as Go reads it. Undefined beyond the years 1677 to 2262, which nanoseconds in 64 bits cannot hold. */
export function parseRfc3339Ns(text: string): RegoValue | undefined {
  const [matched, ...parts] = RFC3339.exec(text) ?? [];
  if (matched === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(0, 6).map(Number);
  const [fraction = '', sign = '+', offsetHours = '00', offsetMinutes = '00'] = parts.slice(6);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) return undefined;
  if (Number(offsetHours) > 24 || Number(offsetMinutes) > 60) return undefined;
  const midnightMs = new Date(0).setUTCFullYear(year, month - 1, day);
  const seconds = BigInt((hour * 60 + minute) * 60 + second);
  const offset = BigInt(Number(offsetHours) * 60 + Number(offsetMinutes)) * MINUTE_NS;
  const local = BigInt(midnightMs) * MS_NS + seconds * SECOND_NS + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return withinRange(sign === '-' ? local + offset : local - offset);
}

function daysIn(year: number, month: number): number {
  const last = new Date(0);
  last.setUTCFullYear(year, month, 0);
  return last.getUTCDate();
}
