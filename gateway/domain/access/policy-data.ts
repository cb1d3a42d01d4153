import { z } from 'zod';
import { policyReasonCodeSchema } from './reason-code.ts';

/**
 * Configuration that the policy reads as `data.gatehouse`: versioned data, never one rule per grant (5,000 grants cost 206 us a
 * decision as rules and 2.2 us as data). Live facts are input, not data.
 */
const epochMs = z.int().min(0);

/** An end as the policy reads it: 0 is no end, so that one at the epoch itself is told as 1. */
export const toPolicyEndMs = (endMs: number | null): number => (endMs === null ? 0 : Math.max(1, endMs));

export const policyGrantSchema = z.strictObject({
  id: z.string().min(1),
  profile: z.string().min(1),
  /** Key of `schedules`; `always` exists in every document. */
  schedule: z.string().min(1),
  /** 0 = no limit on that side. */
  valid_from_ms: epochMs,
  valid_until_ms: epochMs,
});

export const policyScheduleSchema = z.strictObject({
  weekdays: z.array(z.int().min(1).max(7)).max(7),
  /** Minutes since local midnight: from inclusive, until exclusive (1440 = end of day). */
  from_minute: z.int().min(0).max(1439),
  until_minute: z.int().min(1).max(1440),
  on_holidays: z.boolean(),
});

/** Windows of a week, those over midnight cut in two. A schedule stands either here or, when it is one plain window, in `schedules`. */
export const policyWeeklySchema = z.strictObject({
  windows: z.array(
    z.strictObject({
      weekdays: z.array(z.int().min(1).max(7)).max(7),
      from_minute: z.int().min(0).max(1439),
      until_minute: z.int().min(1).max(1440),
      /** The second half of what began on the day before, whose holiday counts. */
      began_day_before: z.boolean(),
    }),
  ),
  on_holidays: z.boolean(),
});

const policyThreatSchema = z.strictObject({ level: z.int().min(0).max(5), until_ms: epochMs });

export const policyExceptionSchema = z.strictObject({
  id: z.string().min(1),
  /** Such as `door:ID`. */
  resource: z.string().min(1),
  relaxes: z.array(policyReasonCodeSchema),
  from_ms: epochMs,
  until_ms: epochMs,
});

/** Members of these groups; none = everybody. */
const forGroups = z.array(z.string());

/** Ready policies that are switched on at one resource, with the parameters of each setting. */
export const policyLibrarySchema = z.strictObject({
  on_site: z
    .array(z.strictObject({ groups: forGroups, sites: z.array(z.string()), max_age_s: z.int(), confidence: z.array(z.string()) }))
    .optional(),
  two_person: z.array(z.strictObject({ groups: forGroups, within_s: z.int().min(1).max(60) })).optional(),
  face: z
    .array(
      z.strictObject({
        groups: forGroups,
        max_age_s: z.int().min(1).max(3_600),
        /** Those that are enough. */
        score_bands: z.array(z.string()),
        liveness: z.array(z.string()),
        /** What a person may give in place of the face. */
        alternatives: z.array(z.string()),
      }),
    )
    .optional(),
  after_hours: z.array(z.strictObject({ groups: forGroups, schedule: z.string(), allowed_groups: z.array(z.string()) })).optional(),
  contractor: z
    .array(
      z.strictObject({
        groups: forGroups,
        contractor_groups: z.array(z.string()),
        schedule: z.string(),
        end_date_required: z.boolean(),
      }),
    )
    .optional(),
  device: z
    .array(
      z.strictObject({
        groups: forGroups,
        managed: z.boolean(),
        compliant: z.boolean(),
        /** Parts of the posture that have to be on. */
        requires: z.array(z.string()),
        /** 0 = any age. */
        os_age_days_max: z.int().min(0),
      }),
    )
    .optional(),
  travel: z
    .array(
      z.strictObject({
        groups: forGroups,
        countries: z.array(z.string()),
        unknown_country: z.enum(['deny', 'allow']),
        elsewhere_while_inside: z.enum(['deny', 'allow']),
      }),
    )
    .optional(),
});

/** Site to dates. */
const policyDatesSchema = z.record(z.string(), z.record(z.string(), z.literal(true)));

export const policyDataSchema = z.strictObject({
  gatehouse: z.strictObject({
    /** profile id -> resource key (`door:ID`, `app:ID`, `vpn_realm:ID`) -> true */
    profiles: z.record(z.string(), z.record(z.string(), z.literal(true))),
    /** holder key (`person:ID`, `group:ID`, `role:ID`) -> grants */
    grants: z.record(z.string(), z.array(policyGrantSchema)),
    schedules: z.record(z.string(), policyScheduleSchema),
    /*
     * What follows is absent in documents of an earlier release: its policy read nothing of it, and nothing of it holds there.
     */
    weekly: z.record(z.string(), policyWeeklySchema).optional(),
    holidays: policyDatesSchema.optional(),
    /** The dates after them: the policy cannot count days, and a night that began on a holiday belongs to it. */
    days_after_holidays: policyDatesSchema.optional(),
    /** area id -> what takes the place of the configured level of the doors into it */
    areas: z.record(z.string(), z.strictObject({ security_level: z.int().min(0).max(5) })).optional(),
    /** `global`, `site:ID` or `area:ID` -> threat levels; those of an area stand at the areas inside it as well */
    threats: z.record(z.string(), z.array(policyThreatSchema)).optional(),
    /** person id -> exceptions */
    exceptions: z.record(z.string(), z.array(policyExceptionSchema)).optional(),
    /** resource key -> ready policies */
    library_settings: z.record(z.string(), policyLibrarySchema).optional(),
    /** role -> operator actions that it may perform */
    operator_roles: z.record(z.string(), z.array(z.string())),
  }),
});
export type PolicyData = z.infer<typeof policyDataSchema>;

/**
 * Security admins do everything, guards deny and look: nobody reinstates alone, which the policy itself checks. `host` is the owner
 * of the host's control socket (subject `local`, channel `cli`, authentication acr `urn:gatehouse:acr:host` without user verification);
 * every other operator needs a user-verified passkey (acr `urn:gatehouse:acr:passkey`).
 */
export const DEFAULT_OPERATOR_ROLES = {
  security_admin: [
    'console.sign_in',
    'console.read',
    'person.suspend',
    'person.reinstate',
    'person.unrestrict',
    'person.enrol',
    'person.recover',
    'person.import',
    'door.operate',
    'reader.maintain',
    'policy.propose',
    'policy.approve',
    'policy.activate',
    'policy.emergency',
    'policy.data_edit',
    'policy.data_open',
    'policy.threat_raise',
    'app.manage',
    'oidc.manage',
    'oidc.emergency',
  ],
  guard: [
    'console.sign_in',
    'console.read',
    'person.suspend',
    'person.unrestrict',
    'person.recover',
    'door.operate',
    'policy.threat_raise',
  ],
  /** Reception: knows who stands before it, and nothing of what the others do. */
  desk: ['console.sign_in', 'console.read', 'person.recover'],
  auditor: ['console.sign_in', 'console.read'],
  host: [
    'console.read',
    'person.suspend',
    'person.reinstate',
    'person.unrestrict',
    'person.enrol',
    'person.import',
    'reader.maintain',
    'policy.propose',
    'policy.approve',
    'policy.activate',
    'policy.emergency',
    'policy.data_edit',
    'policy.data_open',
    'policy.threat_raise',
    'app.manage',
    'oidc.manage',
    'oidc.emergency',
  ],
} as const;
