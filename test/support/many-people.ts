import type { Kysely } from 'kysely';
import type { RecordsTables } from '#adapters/sql/tables.ts';
import type { AccessProfile, Grant } from '#gateway/domain/people/person.ts';
import type { GrantId, ProfileId } from '#gateway/domain/site/ids.ts';

const ROWS_AT_ONCE = 500;

export const personName = (index: number): string => `usr_${String(index).padStart(6, '0')}`;
/** Every second person is staff. */
export const isStaff = (index: number): boolean => index % 2 === 0;

/** People with a badge each, and a place where half of them are, written in a few statements: saving one after the other takes minutes. */
export async function insertPeople(db: Kysely<RecordsTables>, count: number): Promise<void> {
  for (let start = 0; start < count; start += ROWS_AT_ONCE) {
    const indexes = Array.from({ length: Math.min(ROWS_AT_ONCE, count - start) }, (_, offset) => start + offset);
    await db.insertInto('people').values(indexes.map(toPersonRow)).execute();
    await db.insertInto('badges').values(indexes.map(toBadgeRow)).execute();
    await db.insertInto('presences').values(indexes.filter(isStaff).map(toPresenceRow)).execute();
  }
}

const toPersonRow = (index: number) => ({
  id: personName(index),
  display_name: `Person ${String(index)}`,
  email: `p${String(index)}@example.test`,
  email_key: `p${String(index)}@example.test`,
  standing: 'active',
  standing_changed_at_ms: null,
  roles_json: JSON.stringify(isStaff(index) ? ['staff'] : ['visitor']),
  groups_json: JSON.stringify([`team-${String(index % 50)}`, 'everybody']),
  clearance: index % 5,
  employment_end_ms: null,
  accessibility: 0,
  version: 1,
});

const toBadgeRow = (index: number) => ({
  id: `crd_${String(index)}`,
  person_id: personName(index),
  badge_key: `H10301:12:${String(index)}`,
  status: 'active',
  valid_from_ms: null,
  valid_until_ms: null,
});

const toPresenceRow = (index: number) => ({
  person_id: personName(index),
  state: 'inside',
  site_id: 'site',
  area_id: 'inside',
  confidence: 'high',
  observed_at_ms: 1,
  source_seq: 1,
});

const PROFILE = 'everyday' as ProfileId;

/** Staff may pass these doors. */
export const everydayProfile = (doorIds: readonly string[]): AccessProfile => ({
  id: PROFILE,
  name: 'Everyday',
  resources: doorIds.map((id) => ({ kind: 'door', id })),
});
export const everydayGrant: Grant = {
  id: 'grt_staff' as GrantId,
  profileId: PROFILE,
  holder: { kind: 'role', id: 'staff' },
  schedule: 'always',
  validFromMs: null,
  validUntilMs: null,
  reason: 'benchmark',
};
