import type { Kysely } from 'kysely';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import type { Holdings, HoldingsStore } from '#gateway/ports/holdings-store.ts';
import { PEOPLE_PAGE_MAX } from '#gateway/ports/people-store.ts';
import { toBadge } from './credential-rows.ts';
import { toPerson } from './people-store.ts';
import { PLACEHOLDER, preparedQuery } from './prepared-query.ts';
import { toPresence } from './presence-store.ts';
import { storeCall } from './store-call.ts';
import type { RecordsTables } from './tables.ts';

/** Five reads for a page, whatever its length: everything of the people between its first and its last. */
export function createSqlHoldingsStore(db: Kysely<RecordsTables>): HoldingsStore {
  const queries = prepare(db);
  return {
    page: ({ after, limit }) => storeCall(() => readPage(queries, after, Math.min(limit, PEOPLE_PAGE_MAX))),
  };
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
