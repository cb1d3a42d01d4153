import type { Kysely } from 'kysely';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import type { Holdings, HoldingsStore } from '#gateway/ports/holdings-store.ts';
import { PEOPLE_PAGE_MAX } from '#gateway/ports/people-store.ts';
import { toBadge } from './credential-rows.ts';
import { toFoundHoldings, toFoundPerson } from './found-holdings.ts';
import { toPerson } from './people-store.ts';
import { PLACEHOLDER, preparedQuery } from './prepared-query.ts';
import { toPresence } from './presence-store.ts';
import { storeCall } from './store-call.ts';
import type { RecordsTables } from './tables.ts';

/** One read for a person, and five for a page, whatever its length: everything of the people between its first and its last. */
export function createSqlHoldingsStore(db: Kysely<RecordsTables>): HoldingsStore {
  const queries = prepare(db);
  const findRows = prepareFind(db);
  const findPersonRow = preparedQuery(db, ofOnePerson(db));
  // One statement is one moment, and a fifth of the time that a read for each table takes.
  const find = async (personId: PersonId) => toFoundHoldings(await findRows('active', 'active', personId, 'epoch'));
  return {
    find: (personId) => storeCall(async () => (await find(personId)).holdings),
    findUnderEpoch: (personId) => storeCall(() => find(personId)),
    findPerson: (personId) => storeCall(async () => toFoundPerson(await findPersonRow(personId, 'epoch'))),
    page: ({ after, limit }) => storeCall(() => readPage(queries, after, Math.min(limit, PEOPLE_PAGE_MAX))),
  };
}

/** One row: a person and where they are. Without a person, only the epoch is there. */
function ofOnePerson(db: Kysely<RecordsTables>) {
  return db
    .selectFrom('counters')
    .leftJoin('people', (join) => join.on('people.id', '=', PLACEHOLDER))
    .leftJoin('presences', 'presences.person_id', 'people.id')
    .select(['counters.value as epoch', 'people.id', 'people.display_name', 'people.email', 'people.standing', 'people.roles_json'])
    .select(['people.groups_json', 'people.clearance', 'people.employment_end_ms', 'people.accessibility', 'people.version'])
    .select(['presences.state', 'presences.site_id', 'presences.area_id', 'presences.confidence'])
    .select(['presences.observed_at_ms', 'presences.source_seq'])
    .where('counters.name', '=', 'epoch');
}

/** A row for each badge, or one without: everything else is the same in all. */
function prepareFind(db: Kysely<RecordsTables>) {
  const query = ofOnePerson(db)
    .leftJoin('badges', 'badges.person_id', 'people.id')
    .select(['badges.id as badge_id', 'badges.badge_key', 'badges.status as badge_status', 'badges.valid_from_ms', 'badges.valid_until_ms'])
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
    ]);
  return preparedQuery(db, query);
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
