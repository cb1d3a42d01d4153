import { z } from 'zod';
import { createExactCheck } from '#gateway/domain/exact-check.ts';
import type { Badge, Person } from '#gateway/domain/people/person.ts';
import type { Presence } from '#gateway/domain/presence/presence.ts';
import type { AreaId, CredentialId, PersonId, SiteId } from '#gateway/domain/site/ids.ts';
import type { FoundHoldings, FoundPerson } from '#gateway/ports/holdings-store.ts';
import { statusField } from './credential-rows.ts';
import { epochMsField, jsonField } from './row-fields.ts';

/*
 * Everything of one person in rows of one statement. These columns are read at every question of a remote enforcement point, so that what
 * fits its schema as it stands is not copied.
 */
const id = z.string().min(1);
const flag = z.union([z.literal(0), z.literal(1)]);
const exists = z.union([flag, z.boolean()]);

const personRowSchema = z.strictObject({
  epoch: z.int().min(0),
  id,
  display_name: z.string(),
  email: z.string().nullable(),
  standing: z.enum(['active', 'restricted', 'suspended', 'departed']),
  roles_json: z.string(),
  groups_json: z.string(),
  clearance: z.int(),
  employment_end_ms: epochMsField,
  accessibility: flag,
  version: z.int(),
  // Joined: all null where there is no row.
  state: z.enum(['outside', 'inside', 'stale', 'unknown']).nullable(),
  site_id: id.nullable(),
  area_id: id.nullable(),
  confidence: z.enum(['high', 'medium', 'low', 'none']).nullable(),
  observed_at_ms: z.int().nullable(),
  source_seq: z.int().nullable(),
});
type PersonRow = z.infer<typeof personRowSchema>;

const rowSchema = personRowSchema.extend({
  // 0 and 1, or booleans: as the database has them.
  has_pin: exists,
  has_passkey: exists,
  // Joined as well.
  badge_id: id.nullable(),
  badge_key: z.string().nullable(),
  badge_status: statusField.nullable(),
  valid_from_ms: epochMsField,
  valid_until_ms: epochMsField,
});
type Row = z.infer<typeof rowSchema>;

/** No person: what is left of the row is the epoch. */
const nobodySchema = z.object({ epoch: z.int().min(0), id: z.null() });

const readRow = createRowReader(rowSchema);
const readPersonRow = createRowReader(personRowSchema);

function createRowReader<Row>(schema: z.ZodType<Row>): (row: unknown) => Row {
  const isExact = createExactCheck(schema);
  return (row) => (isExact(row) ? (row as Row) : schema.parse(row));
}

/**
 * A row for each badge, or one without; person and presence are the same in all of them.
 * @throws ZodError for what no gateway wrote
 */
export function toFoundHoldings(found: readonly { readonly id: string | null }[]): FoundHoldings {
  // The counter is there from the first migration on: without it nothing can be decided.
  if (found[0]?.id == null) return { epoch: nobodySchema.parse(found[0]).epoch, holdings: null };
  const rows = found.map(readRow);
  const first = rows[0] ?? readRow(undefined);
  const badges = rows.map(toBadge).filter((badge) => badge !== null);
  return {
    epoch: first.epoch,
    holdings: {
      person: toPerson(first),
      badges: badges.length > 1 ? badges.sort((a, b) => (a.id < b.id ? -1 : 1)) : badges,
      hasPin: Boolean(first.has_pin),
      hasPasskey: Boolean(first.has_passkey),
      presence: toPresence(first),
    },
  };
}

/** @throws ZodError for what no gateway wrote */
export function toFoundPerson([found]: readonly { readonly id: string | null }[]): FoundPerson {
  if (found?.id == null) return { epoch: nobodySchema.parse(found).epoch, person: null, presence: null };
  const row = readPersonRow(found);
  return { epoch: row.epoch, person: toPerson(row), presence: toPresence(row) };
}

// Ids are branded here: a stored row is where they enter the program.
function toPerson(row: PersonRow): Person {
  return {
    id: row.id as PersonId,
    displayName: row.display_name,
    email: row.email,
    standing: row.standing,
    roles: namesIn(row.roles_json),
    groups: namesIn(row.groups_json),
    clearance: row.clearance,
    employmentEndMs: row.employment_end_ms,
    accessibility: row.accessibility === 1,
    version: row.version,
  };
}

function toBadge({ id: personId, badge_id, badge_key, badge_status, valid_from_ms, valid_until_ms }: Row): Badge | null {
  if (badge_id === null || badge_key === null || badge_status === null) return null;
  return {
    id: badge_id as CredentialId,
    personId: personId as PersonId,
    badgeKey: badge_key,
    status: badge_status,
    validFromMs: valid_from_ms,
    validUntilMs: valid_until_ms,
  };
}

function toPresence({ id: personId, state, site_id, area_id, confidence, observed_at_ms, source_seq }: PersonRow): Presence | null {
  if (state === null || confidence === null || observed_at_ms === null || source_seq === null) return null;
  return {
    personId: personId as PersonId,
    state,
    siteId: site_id as SiteId | null,
    areaId: area_id as AreaId | null,
    confidence,
    observedAtMs: observed_at_ms,
    sourceSeq: source_seq,
  };
}

const namesSchema = z.array(z.string());
const areExactNames = createExactCheck(namesSchema);
const namesField = jsonField(namesSchema);

function namesIn(json: string): readonly string[] {
  const names = parsed(json);
  return areExactNames(names) ? (names as string[]) : namesField.parse(json);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // What is wrong with it is then said by its field.
  }
}
