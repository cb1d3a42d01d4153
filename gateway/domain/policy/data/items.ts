import { z } from 'zod';
import { policyReasonCodeSchema, type PolicyReasonCode } from '../../access/reason-code.ts';
import { librarySettingSchema } from './library.ts';
import { RELAXABLE_READY_REASONS } from './ready-reasons.ts';

/*
 * The policy data as operators edit it: parts, each a set of items by id. What the policy reads is made of it (to-policy-data.ts); sites,
 * doors and apps stay in the configuration, which these items refer to.
 */

/** Most items of each part that is kept beside grants and profiles. */
export const ITEMS_MAX = 1_000;
export const WINDOWS_MAX = 16;
/** An exception ends by itself: overrides last 24 hours at most. */
export const EXCEPTION_MS_MAX = 24 * 3_600_000;
/** How far ahead an exception may begin, ms. */
export const EXCEPTION_AHEAD_MS_MAX = 30 * 24 * 3_600_000;

/** C0, C1 and line separators move a terminal's cursor; the bidirectional overrides show a line in another order than it is. */
const VISIBLE_TEXT = /^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u;
const text = (lengthMin: number, lengthMax: number) =>
  z.string().trim().min(lengthMin).max(lengthMax).regex(VISIBLE_TEXT, 'has control characters');
const reference = z.string().min(1).max(128);
const epochMs = z.int().min(0);
const resourceSchema = z.strictObject({ kind: z.enum(['door', 'app', 'vpn_realm']), id: reference });

/** A named set of resources of both kinds, granted and withdrawn as one. */
export const profileItemSchema = z.strictObject({ name: text(1, 100), resources: z.array(resourceSchema).min(1).max(1_000) });

export const grantItemSchema = z
  .strictObject({
    profileId: reference,
    holder: z.strictObject({ kind: z.enum(['person', 'group', 'role']), id: reference }),
    /** `always` exists in every document. */
    schedule: reference,
    /** Epoch ms; null = no limit on that side. */
    validFromMs: epochMs.nullable(),
    validUntilMs: epochMs.nullable(),
    reason: text(0, 500),
  })
  .refine(({ validFromMs, validUntilMs }) => validFromMs === null || validUntilMs === null || validFromMs < validUntilMs, {
    path: ['validUntilMs'],
    message: 'is not after validFromMs',
  });

const clockTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'is not a time from 00:00 to 24:00');

/** Civil time of the site. One that ends at or before its beginning goes over midnight and ends on the day after. */
export const windowSchema = z
  .strictObject({
    /** ISO: 1 Monday .. 7 Sunday: the days on which it begins. */
    weekdays: z
      .array(z.int().min(1).max(7))
      .min(1)
      .max(7)
      .refine((days) => new Set(days).size === days.length, 'names a day twice'),
    /** Inclusive. */
    from: clockTime.refine((time) => time !== '24:00', 'is the end of a day, not a beginning'),
    /** Exclusive. */
    until: clockTime,
  })
  .refine(({ from, until }) => from !== until, { path: ['until'], message: 'is the same as from: a whole day is 00:00 to 24:00' });
export type ScheduleWindow = z.infer<typeof windowSchema>;

export const scheduleItemSchema = z.strictObject({
  name: text(0, 100),
  /** None: never. */
  windows: z.array(windowSchema).max(WINDOWS_MAX),
  /** Whether what begins on a holiday of the site counts. */
  onHolidays: z.boolean(),
});

const isDate = (date: string): boolean => {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
};

/** Id: `SITE:DATE`. */
export const holidayItemSchema = z.strictObject({
  siteId: reference,
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'is not a date such as 2026-12-25').refine(isDate, 'is not a date such as 2026-12-25'),
  name: text(0, 100),
});

const level = z.int().min(0).max(5);

/** Id: the area. Takes the place of what the configuration says of its doors. */
export const areaItemSchema = z.strictObject({ securityLevel: level });

/** Id: `global`, `site:ID` or `area:ID`. Whoever has less clearance does not come in, at its doors and those of the areas inside it. */
export const threatItemSchema = z.strictObject({
  level,
  /** Epoch ms; null = until it is lowered. */
  untilMs: epochMs.nullable(),
  note: text(0, 500),
});

/** What an exception may relax: never the subject gate, a credential, a missing grant, a lockdown, a PIN or an operator's limits. */
export const RELAXABLE_REASONS = [
  'grant.outside_schedule',
  'door.clearance_too_low',
  'door.threat_level',
  'presence.required',
  'presence.stale',
  'presence.unknown',
  'presence.off_site',
  'network.elsewhere',
  'network.unknown',
  ...RELAXABLE_READY_REASONS.after_hours,
  ...RELAXABLE_READY_REASONS.contractor,
  ...RELAXABLE_READY_REASONS.device,
  ...RELAXABLE_READY_REASONS.travel,
] as const satisfies readonly PolicyReasonCode[];

export const exceptionItemSchema = z
  .strictObject({
    personId: reference,
    resource: resourceSchema,
    relaxes: z
      .array(policyReasonCodeSchema.extract(RELAXABLE_REASONS))
      .min(1)
      .max(RELAXABLE_REASONS.length)
      .refine((reasons) => new Set(reasons).size === reasons.length, 'names a reason twice'),
    /** Epoch ms: from inclusive, until exclusive. */
    fromMs: epochMs,
    untilMs: epochMs,
    reason: text(3, 500),
  })
  .refine(({ fromMs, untilMs }) => fromMs < untilMs, { path: ['untilMs'], message: 'is not after fromMs' })
  .refine(({ fromMs, untilMs }) => untilMs - fromMs <= EXCEPTION_MS_MAX, { path: ['untilMs'], message: 'is more than 24 hours after fromMs' });

export const ITEM_SCHEMAS = {
  profiles: profileItemSchema,
  grants: grantItemSchema,
  schedules: scheduleItemSchema,
  holidays: holidayItemSchema,
  areas: areaItemSchema,
  threats: threatItemSchema,
  exceptions: exceptionItemSchema,
  library: librarySettingSchema,
} as const;
export type PartName = keyof typeof ITEM_SCHEMAS;
export type ItemOf<Part extends PartName> = z.infer<(typeof ITEM_SCHEMAS)[Part]>;
/** Parts that are rows of their own in the store; the others are small. */
export const PART_NAMES = ['profiles', 'grants', 'schedules', 'holidays', 'areas', 'threats', 'exceptions', 'library'] as const satisfies readonly PartName[];

export type PolicyDocument = { readonly [Part in PartName]: Readonly<Record<string, ItemOf<Part>>> };

export const EMPTY_DOCUMENT: PolicyDocument = {
  profiles: {},
  grants: {},
  schedules: {},
  holidays: {},
  areas: {},
  threats: {},
  exceptions: {},
  library: {},
};
