import type { Kysely } from 'kysely';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import type { Holdings, HoldingsStore } from '#gateway/ports/holdings-store.ts';
import { PEOPLE_PAGE_MAX } from '#gateway/ports/people-store.ts';
import { toBadge } from './credential-rows.ts';
import { toPerson } from './people-store.ts';
import { toPresence } from './presence-store.ts';
import { storeCall } from './store-call.ts';
import type { RecordsTables } from './tables.ts';

/** Five reads for a page, whatever its length: everything of the people between its first and its last. */
export function createSqlHoldingsStore(db: Kysely<RecordsTables>): HoldingsStore {
  return {
    page: ({ after, limit }) => storeCall(() => readPage(db, after, Math.min(limit, PEOPLE_PAGE_MAX))),
  };
}

async function readPage(db: Kysely<RecordsTables>, after: PersonId | null, limit: number): Promise<readonly Holdings[]> {
  const ordered = db.selectFrom('people').selectAll().orderBy('id').limit(limit);
  const people = await (after === null ? ordered : ordered.where('id', '>', after)).execute();
  const [first, last] = [people[0]?.id, people.at(-1)?.id];
  if (first === undefined || last === undefined) return [];

  const holdersOf = async (table: 'pins' | 'passkeys'): Promise<ReadonlySet<string>> => {
    const query = db.selectFrom(table).select('person_id').where('status', '=', 'active');
    const rows = await query.where('person_id', '>=', first).where('person_id', '<=', last).execute();
    return new Set(rows.map((row) => row.person_id));
  };
  const badges = db.selectFrom('badges').selectAll().where('person_id', '>=', first).where('person_id', '<=', last).orderBy('id');
  const badgesByHolder = Map.groupBy(await badges.execute(), (row) => row.person_id);
  const presences = db.selectFrom('presences').selectAll().where('person_id', '>=', first).where('person_id', '<=', last);
  const presenceByPerson = new Map((await presences.execute()).map((row) => [row.person_id, row]));
  const [withPin, withPasskey] = [await holdersOf('pins'), await holdersOf('passkeys')];
  return people.map((row) => {
    const presence = presenceByPerson.get(row.id);
    return {
      person: toPerson(row),
      badges: (badgesByHolder.get(row.id) ?? []).map(toBadge),
      hasPin: withPin.has(row.id),
      hasPasskey: withPasskey.has(row.id),
      presence: presence === undefined ? null : toPresence(presence),
    };
  });
}
