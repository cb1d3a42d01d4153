import { z } from 'zod';
import { GatewayError } from '../domain/errors.ts';
import { explainIssue } from '../domain/explain-issue.ts';
import { encodeCard, type CardFormat } from '../domain/people/card-format.ts';
import type { AccessProfile, Grant, Person } from '../domain/people/person.ts';
import type { GrantId, PersonId, ProfileId } from '../domain/site/ids.ts';
import { tryParse } from '../domain/try-parse.ts';
import { parseYaml, readYamlFile, toProblems } from './config/load-config.ts';
import { toProblemText } from './config/problem.ts';
import { idSchema, nameSchema, visibleText } from './config/site-schema.ts';

export const PEOPLE_FILE_BYTES_MAX = 67_108_864;
export const PEOPLE_MAX = 100_000;
export const BADGES_PER_PERSON_MAX = 20;
export const PROFILES_MAX = 5_000;
export const GRANTS_MAX = 100_000;
export const RESOURCES_PER_PROFILE_MAX = 2_000;

const DAY_MS = 86_400_000;

/** A date, or a time with its offset: a civil time without one would mean another moment at every site. */
const momentSchema = z
  .string()
  .refine((text) => toMomentMs(text) !== null, 'is not a date (2026-12-31) or a time with offset (2026-12-31T18:00:00+01:00)');

function toMomentMs(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) || ms < 0 || !isDayOfCalendar(text.slice(0, 10)) ? null : ms;
}

/** Date.parse takes 31 February for a day in March. */
function isDayOfCalendar(day: string): boolean {
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

/** From when until when a badge or grant is good; without one of them it has no such bound. */
const validityShape = { valid_from: momentSchema.optional(), valid_until: momentSchema.optional() };

function toValidity(written: { readonly valid_from?: string | undefined; readonly valid_until?: string | undefined }) {
  return { validFromMs: toBeginMs(written.valid_from), validUntilMs: toEndMs(written.valid_until) };
}

/** A date begins at 00:00 UTC of the day, and as an end lasts until the day is over. */
const toBeginMs = (text: string | undefined): number | null => (text === undefined ? null : toMomentMs(text));
function toEndMs(text: string | undefined): number | null {
  const ms = toBeginMs(text);
  return ms === null || text === undefined || text.includes('T') ? ms : ms + DAY_MS;
}

const CARD_FORMATS = ['H10301', 'H10302', 'H10304'] as const satisfies readonly CardFormat[];

const badgeSchema = z
  .strictObject({
    format: z.enum(CARD_FORMATS),
    facility: z.int().min(0).optional(),
    number: z.string().regex(/^(0|[1-9]\d{0,11})$/, 'is not a card number: digits in quotes, without leading zeros'),
    ...validityShape,
  })
  .refine((badge) => (badge.format === 'H10302') === (badge.facility === undefined), {
    path: ['facility'],
    message: 'is needed for H10301 and H10304, and H10302 has none',
  })
  .refine((badge) => encodeCard({ format: badge.format, facility: badge.facility ?? null, number: badge.number }) !== null, {
    path: ['number'],
    message: 'facility or number is too large for the format',
  });

const labels = z.array(idSchema).max(32).default([]);

/** Names the operator at the control socket, who passes where no person does. */
const RESERVED_PERSON_ID = 'local';

export const personSchema = z.strictObject({
  id: idSchema.refine((id) => id !== RESERVED_PERSON_ID, 'is reserved for the operator at the host'),
  name: nameSchema,
  email: z.email().max(254).optional(),
  roles: labels,
  groups: z.array(idSchema).max(64).default([]),
  clearance: z.int().min(0).max(5).default(0),
  employment_end: momentSchema.optional(),
  accessibility: z.boolean().default(false),
  badges: z.array(badgeSchema).max(BADGES_PER_PERSON_MAX).default([]),
});

const reference = (kinds: string) =>
  z.string().regex(new RegExp(`^(${kinds}):[a-z0-9][a-z0-9_-]{0,62}$`), `is not KIND:ID with a kind of ${kinds.replaceAll('|', ', ')}`);

const profileSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  resources: z.array(reference('door|app|vpn_realm')).min(1).max(RESOURCES_PER_PROFILE_MAX),
});

const grantSchema = z.strictObject({
  id: idSchema,
  profile: idSchema,
  holder: reference('person|group|role'),
  schedule: idSchema.default('always'),
  ...validityShape,
  reason: visibleText(3, 500),
});

export const peopleFileSchema = z.strictObject({
  people: z.array(personSchema).max(PEOPLE_MAX).default([]),
  profiles: z.array(profileSchema).max(PROFILES_MAX).default([]),
  grants: z.array(grantSchema).max(GRANTS_MAX).default([]),
});
export type PeopleFileInput = z.input<typeof peopleFileSchema>;

export interface PeopleFile {
  readonly people: readonly (Omit<Person, 'standing' | 'version'> & { readonly badges: readonly FileBadge[] })[];
  readonly profiles: readonly AccessProfile[];
  readonly grants: readonly Grant[];
}

export interface FileBadge {
  readonly format: CardFormat;
  readonly facility: number | null;
  readonly number: string;
  readonly validFromMs: number | null;
  readonly validUntilMs: number | null;
}

/** @throws config.unreadable, config.invalid: every wrong field is named. */
export function readPeopleFile(file: string): PeopleFile {
  return parsePeopleFile(readYamlFile(file, PEOPLE_FILE_BYTES_MAX));
}

/** The same from the text of such a file; null is a text that was longer than PEOPLE_FILE_BYTES_MAX. @throws config.unreadable, config.invalid */
export function readPeopleText(text: string | null, name: string): PeopleFile {
  if (text === null) throw new GatewayError('config.unreadable', `${name} is larger than ${PEOPLE_FILE_BYTES_MAX} bytes`);
  return parsePeopleFile(parseYaml(text, name));
}

/** `raw` is shaped like the YAML. @throws config.invalid */
export function parsePeopleFile(raw: unknown): PeopleFile {
  const parsed = tryParse(peopleFileSchema, raw ?? {}, { error: explainIssue });
  if (!parsed.success)
    throw new GatewayError('config.invalid', `the people file is refused:\n${toProblemText(parsed.error.issues.flatMap(toProblems))}`);
  const { people, profiles, grants } = parsed.data;
  return { people: people.map(toPerson), profiles: profiles.map(toProfile), grants: grants.map(toGrant) };
}

export function toPerson(person: z.output<typeof personSchema>): PeopleFile['people'][number] {
  return {
    id: person.id as PersonId,
    displayName: person.name,
    email: person.email ?? null,
    roles: person.roles,
    groups: person.groups,
    clearance: person.clearance,
    employmentEndMs: toEndMs(person.employment_end),
    accessibility: person.accessibility,
    badges: person.badges.map((badge) => ({
      format: badge.format,
      facility: badge.facility ?? null,
      number: badge.number,
      ...toValidity(badge),
    })),
  };
}

function toProfile(profile: z.output<typeof profileSchema>): AccessProfile {
  return {
    id: profile.id as ProfileId,
    name: profile.name,
    resources: profile.resources.map((text) => splitReference<'door' | 'app' | 'vpn_realm'>(text)),
  };
}

function toGrant(grant: z.output<typeof grantSchema>): Grant {
  return {
    id: grant.id as GrantId,
    profileId: grant.profile as ProfileId,
    holder: splitReference<'person' | 'group' | 'role'>(grant.holder),
    schedule: grant.schedule,
    ...toValidity(grant),
    reason: grant.reason,
  };
}

/** `KIND:ID`, as the schema has checked; the caller names the kinds that its schema allows. */
function splitReference<Kind extends string>(text: string): { readonly kind: Kind; readonly id: string } {
  const colon = text.indexOf(':');
  return { kind: text.slice(0, colon) as Kind, id: text.slice(colon + 1) };
}
