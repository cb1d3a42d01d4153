import type { Kysely } from 'kysely';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import type { Holdings, HoldingsStore } from '#gateway/ports/holdings-store.ts';
import { PEOPLE_PAGE_MAX } from '#gateway/ports/people-store.ts';
import { toBadge } from './credential-rows.ts';
import { toPerson } from './people-store.ts';
import { PLACEHOLDER, preparedQuery } from './prepared-query.ts';
import { toPresence } from './presence-store.ts';
import { storeCall } from './store-call.ts';
import type { BadgesTable, PresencesTable, RecordsTables } from './tables.ts';

/** One read for a person, and five for a page, whatever its length: everything of the people between its first and its last. */
export function createSqlHoldingsStore(db: Kysely<RecordsTables>): HoldingsStore {
  const queries = prepare(db);
  const findRows = prepareFind(db);
  return {
    // One statement is one moment, and a fourth of the time that a read for each table takes.
    find: (personId) => storeCall(async () => toHoldings(await findRows('active', 'active', personId))),
    page: ({ after, limit }) => storeCall(() => readPage(queries, after, Math.min(limit, PEOPLE_PAGE_MAX))),
  };
}

/** A row for each badge, or one without: person and presence are the same in all. */
function prepareFind(db: Kysely<RecordsTables>) {
  const query = db
    .selectFrom('people')
    .leftJoin('badges', 'badges.person_id', 'people.id')
    .leftJoin('presences', 'presences.person_id', 'people.id')
    .selectAll('people')
    .select(['badges.id as badge_id', 'badges.badge_key', 'badges.status as badge_status', 'badges.valid_from_ms', 'badges.valid_until_ms'])
    .select(['presences.state', 'presences.site_id', 'presences.area_id', 'presences.confidence'])
    .select(['presences.observed_at_ms', 'presences.source_seq'])
    .select((eb) => [
      eb
        .exists(eb.selectFrom('pins').select('pins.id').whereRef('pins.person_id', '=', 'people.id').where('pins.status', '=', PLACEHOLDER))
        .as('has_pin'),
      eb
        .exists(
          eb
            .selectFrom('passkeys')
            .select('passkeys.id')
            .whereRef('passkeys.person_id', '=', 'people.id')
            .where('passkeys.status', '=', PLACEHOLDER),
        )
        .as('has_passkey'),
    ])
    .where('people.id', '=', PLACEHOLDER)
    .orderBy('badges.id');
  return preparedQuery(db, query);
}

type FoundRow = Awaited<ReturnType<ReturnType<typeof prepareFind>>>[number];

function toHoldings(rows: readonly FoundRow[]): Holdings | null {
  const [first] = rows;
  if (first === undefined) return null;
  return {
    person: toPerson(first),
    badges: rows.flatMap((row) => (row.badge_id === null ? [] : [toBadge(badgeRowOf(row, row.badge_id))])),
    // 0 and 1, or booleans: as the database has them.
    hasPin: Boolean(first.has_pin),
    hasPasskey: Boolean(first.has_passkey),
    presence: first.state === null ? null : toPresence({ ...first, person_id: first.id } as PresencesTable), // joined: all of its columns, or none
  };
}

function badgeRowOf(row: FoundRow, id: string): BadgesTable {
  const { badge_key, badge_status, valid_from_ms, valid_until_ms } = row;
  // Joined: all of the badge's columns, or none. The schema of the row looks at them.
  return { id, person_id: row.id, badge_key, status: badge_status, valid_from_ms, valid_until_ms } as BadgesTable;
}

function prepare(db: Kysely<RecordsTables>) {
  const holders = (table: 'pins' | 'passkeys') => {
    const inUse = db.selectFrom(table).select('person_id').where('status', '=', 'active');
    return preparedQuery(db, inUse.where('person_id', '>=', PLACEHOLDER).where('person_id', '<=', PLACEHOLDER));
  };
  const badges = db.selectFrom('badges').selectAll().where('person_id', '>=', PLACEHOLDER).where('person_id', '<=', PLACEHOLDER);
  const presences = db.selectFrom('presences').selectAll().where('person_id', '>=', PLACEHOLDER).where('person_id', '<=', PLACEHOLDER);
  return {
    people: preparedQuery(db, db.selectFrom('people').selectAll().where('id', '>', PLACEHOLDER).orderBy('id').limit(1)),
    badges: preparedQuery(db, badges.orderBy('id')),
    presences: preparedQuery(db, presences),
    withPin: holders('pins'),
    withPasskey: holders('passkeys'),
  };
}

async function readPage(queries: ReturnType<typeof prepare>, after: PersonId | null, limit: number): Promise<readonly Holdings[]> {
  // No id is empty: every one comes after nothing.
  const people = await queries.people(after ?? '', limit);
  const [first, last] = [people[0]?.id, people.at(-1)?.id];
  if (first === undefined || last === undefined) return [];
  const badges = Map.groupBy(await queries.badges(first, last), (row) => row.person_id);
  const presences = new Map((await queries.presences(first, last)).map((row) => [row.person_id, row]));
  const withPin = new Set((await queries.withPin('active', first, last)).map((row) => row.person_id));
  const withPasskey = new Set((await queries.withPasskey('active', first, last)).map((row) => row.person_id));
  return people.map((row) => {
    const presence = presences.get(row.id);
    return {
      person: toPerson(row),
      badges: (badges.get(row.id) ?? []).map(toBadge),
      hasPin: withPin.has(row.id),
      hasPasskey: withPasskey.has(row.id),
      presence: presence === undefined ? null : toPresence(presence),
    };
  });
}
