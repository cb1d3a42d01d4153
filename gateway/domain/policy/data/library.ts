import { z } from 'zod';
import { FACE_REASONS, RELAXABLE_READY_REASONS } from './ready-reasons.ts';

/*
 * Ready policies: Rego that is there already and is switched on, placed and tuned by data. Each reads only its own parameters, and does
 * nothing where no setting names the resource.
 */
const reference = z.string().min(1).max(128);
const references = (max: number) => z.array(reference).max(max).default([]);

/** Where a setting holds, and for whom. */
export const whereSchema = z.strictObject({
  /** At every resource of a kind that the policy knows. */
  everywhere: z.boolean().default(false),
  sites: references(100),
  /** The doors into them and into the areas inside them; apps and realms that are used from there. */
  areas: references(1_000),
  doors: references(1_000),
  apps: references(500),
  vpnRealms: references(100),
  /** Only for members of these groups; none = for everybody. */
  groups: references(32),
});
export type Where = z.infer<typeof whereSchema>;

export const LIBRARY_PARAMETERS = {
  on_site: z.strictObject({
    /** Sites on which the person must be; none = any site. */
    sites: references(32),
    maxAgeS: z.int().min(0).max(604_800).default(36_000).describe('Oldest badge-in that counts, seconds; 0 = any age.'),
    confidence: z.enum(['medium', 'high']).default('medium'),
  }),
  two_person: z.strictObject({ withinS: z.int().min(5).max(60).default(20).describe('Time for the second badge, seconds.') }),
  face: z.strictObject({
    maxAgeS: z.int().min(5).max(3_600).default(60).describe('Oldest face check that counts, seconds.'),
    // An earlier release called it `medium`, and took `high` where nothing was said: more than a pack has to reach, so that faces which it
    // verified were denied as somebody else's.
    scoreBand: z
      .preprocess((band) => (band === 'medium' ? 'standard' : band), z.enum(['standard', 'high']).default('standard'))
      .describe('standard: one false match in 10,000; high: one in 100,000, and more honest people are refused.'),
    liveness: z
      .preprocess(
        (level) => (level === true ? 'passive' : level === false ? 'none' : level),
        z.enum(['none', 'passive', 'active']).default('passive'),
      )
      .describe('passive: the frames look alive; active: the person also did what was drawn at random.'),
    alternatives: z
      .array(z.enum(['security_key', 'badge', 'pin']))
      .min(1)
      .max(3)
      .default(['security_key', 'badge', 'pin'])
      .describe(
        'What a person who shows no face gives: security_key or badge at a login, pin at a door. Where nothing of it can be given, security_key or pin still is. A door that wants the PIN anyway takes it for nothing else.',
      ),
  }),
  after_hours: z.strictObject({
    schedule: reference.describe('Outside of it only the groups below come in.'),
    allowedGroups: references(32),
  }),
  contractor: z.strictObject({
    groups: z.array(reference).min(1).max(32).default(['contractors']).describe('Whoever is in one of them is a contractor.'),
    schedule: reference.default('always').describe('Contractors come in only in its times.'),
    endDateRequired: z.boolean().default(true).describe('A contractor without an end of the contract is denied.'),
  }),
  device: z.strictObject({
    managed: z.boolean().default(true),
    compliant: z.boolean().default(true),
    requires: z
      .array(z.enum(['disk_encryption', 'firewall', 'screen_lock', 'secure_boot']))
      .max(4)
      .default([])
      .describe('What has to be on besides: disk_encryption, firewall, screen_lock, secure_boot.'),
    osAgeDaysMax: z.int().min(0).max(3_650).default(0).describe('Days since the system was last updated, at most; 0 = any.'),
  }),
  travel: z.strictObject({
    countries: z
      .array(z.string().regex(/^[A-Z]{2}$/, 'is not a country code such as DE'))
      .max(64)
      .default([])
      .describe('From where it is used; none = from any country.'),
    unknownCountry: z.enum(['deny', 'allow']).default('deny'),
    elsewhereWhileInside: z.enum(['deny', 'allow']).default('deny').describe('A login from elsewhere while the badge says inside.'),
  }),
} as const;
export type LibraryPolicy = keyof typeof LIBRARY_PARAMETERS;

const setting = <Policy extends LibraryPolicy>(policy: Policy) =>
  z.strictObject({
    policy: z.literal(policy),
    enabled: z.boolean(),
    where: whereSchema,
    parameters: LIBRARY_PARAMETERS[policy],
  });

export const librarySettingSchema = z.discriminatedUnion('policy', [
  setting('on_site'),
  setting('two_person'),
  setting('face'),
  setting('after_hours'),
  setting('contractor'),
  setting('device'),
  setting('travel'),
]);
export type LibrarySetting = z.infer<typeof librarySettingSchema>;

export type ResourceKind = 'door' | 'app' | 'vpn_realm';

export interface ReadyPolicy {
  readonly id: LibraryPolicy;
  readonly title: string;
  readonly description: string;
  /** Kinds of resource it holds at. */
  readonly kinds: readonly ResourceKind[];
  /** With which it denies. */
  readonly reasons: readonly string[];
  /** What it asks of the enforcement point. */
  readonly obligations: readonly string[];
}

export const LIBRARY: readonly ReadyPolicy[] = [
  {
    id: 'on_site',
    title: 'On-site required',
    description: 'Used only by people who badged into a site and have not left it, as far as badge reads tell.',
    kinds: ['app', 'vpn_realm'],
    reasons: ['presence.unknown', 'presence.stale', 'presence.off_site'],
    obligations: [],
  },
  {
    id: 'two_person',
    title: 'Two persons',
    description: 'A door opens when two different people, each of whom may enter, badge within some seconds.',
    kinds: ['door'],
    reasons: ['obligation.unsupported'],
    obligations: ['second_person'],
  },
  {
    id: 'face',
    title: 'Face at sensitive areas',
    description: 'A badge or passkey is not enough: the face is compared too. Where nobody can look, only what the setting names in place of a face opens.',
    kinds: ['door', 'app'],
    reasons: FACE_REASONS,
    obligations: ['face'],
  },
  {
    id: 'after_hours',
    title: 'After hours',
    description: 'Outside the hours only named groups come in, whatever their grants say.',
    kinds: ['door', 'app', 'vpn_realm'],
    reasons: RELAXABLE_READY_REASONS.after_hours,
    obligations: [],
  },
  {
    id: 'contractor',
    title: 'Contractors',
    description: 'Contractors come in only in their hours, and only with an end of contract on file.',
    kinds: ['door', 'app', 'vpn_realm'],
    reasons: RELAXABLE_READY_REASONS.contractor,
    obligations: [],
  },
  {
    id: 'device',
    title: 'Device posture',
    description: 'Used only from a device that is managed and meets the rules, as its management last said.',
    kinds: ['app', 'vpn_realm'],
    reasons: RELAXABLE_READY_REASONS.device,
    obligations: [],
  },
  {
    id: 'travel',
    title: 'Travel',
    description: 'Used only from named countries, and not from elsewhere while the badge says that the person is inside.',
    kinds: ['app', 'vpn_realm'],
    reasons: RELAXABLE_READY_REASONS.travel,
    obligations: [],
  },
];
