import { z } from 'zod';

/**
 * Configuration that the policy reads as `data.gatehouse`: versioned data, never one rule per grant (5,000 grants cost 206 us a
 * decision as rules and 2.2 us as data). Live facts are input, not data.
 */
const epochMs = z.int().min(0);

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

export const policyDataSchema = z.strictObject({
  gatehouse: z.strictObject({
    /** profile id -> resource key (`door:ID`, `app:ID`, `vpn_realm:ID`) -> true */
    profiles: z.record(z.string(), z.record(z.string(), z.literal(true))),
    /** holder key (`person:ID`, `group:ID`, `role:ID`) -> grants */
    grants: z.record(z.string(), z.array(policyGrantSchema)),
    schedules: z.record(z.string(), policyScheduleSchema),
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
    'person.enrol',
    'door.operate',
    'reader.maintain',
    'policy.propose',
    'policy.approve',
    'policy.activate',
    'policy.emergency',
  ],
  guard: ['console.sign_in', 'console.read', 'person.suspend', 'door.operate'],
  auditor: ['console.sign_in', 'console.read'],
  host: [
    'console.read',
    'person.suspend',
    'person.reinstate',
    'person.enrol',
    'reader.maintain',
    'policy.propose',
    'policy.approve',
    'policy.activate',
    'policy.emergency',
  ],
} as const;
