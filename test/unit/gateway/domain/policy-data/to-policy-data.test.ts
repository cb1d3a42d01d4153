import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDocuments } from '#gateway/domain/policy/data/compare.ts';
import {
  EMPTY_DOCUMENT,
  exceptionItemSchema,
  scheduleItemSchema,
  type PolicyDocument,
  type ScheduleWindow,
} from '#gateway/domain/policy/data/items.ts';
import { librarySettingSchema } from '#gateway/domain/policy/data/library.ts';
import { toPolicyData } from '#gateway/domain/policy/data/to-policy-data.ts';
import { toPlainSchedule, toWeeklySchedule } from '#gateway/domain/policy/data/week-schedule.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';

const sites = createSiteMap(sampleInstallation);
const ALWAYS = { weekdays: [1, 2, 3, 4, 5, 6, 7], from_minute: 0, until_minute: 1_440, on_holidays: true };
const file = { schedules: { always: ALWAYS, office: { ...ALWAYS, from_minute: 420 } }, holidays: new Map([['hq', ['2026-12-31']]]) };
const dataOf = (document: Partial<PolicyDocument>) => toPolicyData({ ...EMPTY_DOCUMENT, ...document }, file, sites).gatehouse;
const shift = (windows: ScheduleWindow[]) => ({ name: '', windows, onHolidays: false });

describe('schedules', () => {
  it('keep a plain one where earlier policies look for it, and every other where they find nothing', () => {
    const night = shift([{ weekdays: [1], from: '22:00', until: '06:00' }]);
    const data = dataOf({ schedules: { day: shift([{ weekdays: [1], from: '08:00', until: '16:00' }]), night, office: night } });
    expect(Object.keys(data.schedules)).toEqual(['always', 'day']);
    expect(Object.keys(data.weekly ?? {})).toEqual(['night', 'office']);
  });

  it('cut a night in two, of which the second half belongs to the day before', () => {
    expect(toWeeklySchedule(shift([{ weekdays: [5, 7], from: '22:00', until: '06:00' }])).windows).toEqual([
      { weekdays: [5, 7], from_minute: 1_320, until_minute: 1_440, began_day_before: false },
      { weekdays: [1, 6], from_minute: 0, until_minute: 360, began_day_before: true },
    ]);
  });

  it('contain every minute of a week exactly when one of their windows does', () => {
    const clock = fc.integer({ min: 0, max: 1_439 });
    const text = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), clock, clock, (weekdays, from, until) => {
        fc.pre(from !== until);
        const schedule = scheduleItemSchema.parse(shift([{ weekdays, from: text(from), until: text(until) }]));
        const { windows } = toWeeklySchedule(schedule);
        const lengthMinutes = until > from ? until - from : 1_440 - from + until;
        for (let minute = 0; minute < 7 * 1_440; minute += 30) {
          const [day, of] = [Math.floor(minute / 1_440) + 1, minute % 1_440];
          const isIn = windows.some((each) => each.weekdays.includes(day) && each.from_minute <= of && of < each.until_minute);
          const begins = weekdays.some((weekday) => {
            const since = (minute - ((weekday - 1) * 1_440 + from) + 7 * 1_440) % (7 * 1_440);
            return since < lengthMinutes;
          });
          expect(isIn).toBe(begins);
        }
        expect(toPlainSchedule(schedule) === null).toBe(until <= from);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['a window that ends where it begins', { weekdays: [1], from: '08:00', until: '08:00' }],
    ['a time of no clock', { weekdays: [1], from: '25:00', until: '08:00' }],
    ['a day of no week', { weekdays: [8], from: '07:00', until: '08:00' }],
    ['a day twice', { weekdays: [1, 1], from: '07:00', until: '08:00' }],
  ])('refuse %s', (_what, window) => {
    expect(scheduleItemSchema.safeParse({ name: '', windows: [window], onHolidays: true }).success).toBe(false);
  });
});

it('adds holidays to those of the file, and says which day is after one', () => {
  const data = dataOf({ holidays: { 'hq:2026-02-28': { siteId: 'hq', date: '2026-02-28', name: '' } } });
  expect(data.holidays).toEqual({ hq: { '2026-12-31': true, '2026-02-28': true } });
  expect(data.days_after_holidays).toEqual({ hq: { '2027-01-01': true, '2026-03-01': true } });
});

it('lets an exception last 24 hours and not a millisecond more', () => {
  const exception = {
    personId: 'ann',
    resource: { kind: 'door', id: 'd' },
    relaxes: ['time.after_hours'],
    fromMs: 0,
    untilMs: 86_400_000,
    reason: 'why not',
  };
  expect(exceptionItemSchema.safeParse(exception).success).toBe(true);
  expect(exceptionItemSchema.safeParse({ ...exception, untilMs: 86_400_001 }).success).toBe(false);
});

it.each(['subject.suspended', 'door.locked_down', 'grant.missing', 'credential.expired', 'pin.invalid', 'operator.not_authorized'])(
  'lets no exception relax %s',
  (reason) => {
    const exception = { personId: 'ann', resource: { kind: 'door', id: 'd' }, relaxes: [reason], fromMs: 0, untilMs: 1, reason: 'why not' };
    expect(exceptionItemSchema.safeParse(exception).success).toBe(false);
  },
);

it('expands a ready policy to the resources that it is for', () => {
  const setting = librarySettingSchema.parse({ policy: 'two_person', enabled: true, where: { everywhere: true }, parameters: {} });
  const { library_settings: settings } = dataOf({ library: { l1: setting, l2: { ...setting, enabled: false } } });
  expect(Object.keys(settings ?? {}).sort()).toEqual(sampleInstallation.doors.map(({ id }) => `door:${id}`).sort());
  expect(Object.values(settings ?? {})[0]).toEqual({ two_person: [{ groups: [], within_s: 20 }] });
});

it('puts a threat of an area into the areas inside it', () => {
  const inner = sampleInstallation.areas.find(({ parentId }) => parentId !== null);
  if (inner === undefined) throw new TypeError('the sample has an area inside another');
  const { threats } = dataOf({ threats: { [`area:${String(inner.parentId)}`]: { level: 2, untilMs: null, note: '' } } });
  expect(threats?.[`area:${inner.id}`]).toEqual([{ level: 2, until_ms: 0 }]);
});

it('takes each level of a face with all that are more, and reads what an earlier release kept', () => {
  const faces = (parameters: object) => {
    const face = librarySettingSchema.parse({ policy: 'face', enabled: true, where: { everywhere: true }, parameters });
    return Object.values(dataOf({ library: { f: face } }).library_settings ?? {})[0]?.face?.[0];
  };
  const usual = { groups: [], max_age_s: 60, score_bands: ['standard', 'high'], alternatives: ['security_key', 'badge', 'pin'] };
  expect(faces({})).toEqual({ ...usual, liveness: ['passive', 'active'] });
  expect(faces({ scoreBand: 'high', liveness: 'active' })).toMatchObject({ score_bands: ['high'], liveness: ['active'] });
  // As an earlier release kept them.
  expect(faces({ scoreBand: 'medium', liveness: false })).toEqual({ ...usual, liveness: ['none', 'passive', 'active'] });
  expect(faces({ liveness: true })).toEqual({ ...usual, liveness: ['passive', 'active'] });
});

it.each([
  [['badge'], ['badge', 'pin'], ['badge']],
  [['pin'], ['pin'], ['pin', 'security_key']],
  [
    ['security_key', 'pin'],
    ['security_key', 'pin'],
    ['security_key', 'pin'],
  ],
])('leaves another way than the face everywhere: of %j at doors %j, at logins %j', (alternatives, door, app) => {
  const face = librarySettingSchema.parse({ policy: 'face', enabled: true, where: { everywhere: true }, parameters: { alternatives } });
  const at = Object.entries(dataOf({ library: { f: face } }).library_settings ?? {});
  const found = (kind: string) => at.filter(([place]) => place.startsWith(kind)).map(([, settings]) => settings.face?.[0]?.alternatives);
  for (const [kind, expected] of [
    ['door:', door],
    ['app:', app],
  ] as const) {
    expect(found(kind).length).toBeGreaterThan(0);
    for (const one of found(kind)) expect(one).toEqual(expected);
  }
});

it('says that switching a ready policy on closes and switching it off opens', () => {
  const setting = librarySettingSchema.parse({ policy: 'device', enabled: true, where: { everywhere: true }, parameters: {} });
  const on = { ...EMPTY_DOCUMENT, library: { l1: setting } };
  expect(compareDocuments(EMPTY_DOCUMENT, on)).toMatchObject([{ kind: 'added', opens: false }]);
  expect(compareDocuments(on, EMPTY_DOCUMENT)).toMatchObject([{ kind: 'removed', opens: true }]);
});

it('tells the policy an end at the epoch as one that is over: 0 is no end there', () => {
  const grant = { profileId: 'p', holder: { kind: 'role' as const, id: 'staff' }, schedule: 'always', validFromMs: null, reason: '' };
  const data = dataOf({
    grants: { over: { ...grant, validUntilMs: 0 }, endless: { ...grant, validUntilMs: null } },
    threats: { global: { level: 3, untilMs: 0, note: '' } },
  });
  expect(data.grants['role:staff']?.map(({ id, valid_until_ms }) => [id, valid_until_ms])).toEqual([
    ['over', 1],
    ['endless', 0],
  ]);
  expect(data.threats?.['global']).toEqual([{ level: 3, until_ms: 1 }]);
});
