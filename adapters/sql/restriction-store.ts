import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Restriction } from '#gateway/domain/people/restriction.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import type { RestrictionStore } from '#gateway/ports/restriction-store.ts';
import { idField } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { RestrictionsTable } from './people-tables.ts';
import type { RecordsTables } from './tables.ts';

const rowSchema = z.object({ person_id: idField<PersonId>(), cause: z.string(), since_ms: z.int(), until_ms: z.int() });

function toRestriction(row: RestrictionsTable): Restriction {
  const { cause, person_id, since_ms, until_ms } = rowSchema.parse(row);
  return { personId: person_id, cause, sinceMs: since_ms, untilMs: until_ms };
}

export function createSqlRestrictionStore(db: Kysely<RecordsTables>): RestrictionStore {
  return {
    put: ({ cause, personId, sinceMs, untilMs }) =>
      storeCall(
        async () => {
          const values = { cause, since_ms: sinceMs, until_ms: untilMs };
          await db
            .insertInto('restrictions')
            .values({ person_id: personId, ...values })
            .onConflict((conflict) => conflict.column('person_id').doUpdateSet(values))
            .execute();
        },
        { foreignKey: 'This person is not known.' },
      ),
    find: (personId) =>
      storeCall(async () => {
        const row = await db.selectFrom('restrictions').selectAll().where('person_id', '=', personId).executeTakeFirst();
        return row === undefined ? null : toRestriction(row);
      }),
    ended: (nowMs, limit) =>
      storeCall(async () => {
        const due = db.selectFrom('restrictions').selectAll().where('until_ms', '<=', nowMs);
        return (await due.orderBy('until_ms').orderBy('person_id').limit(limit).execute()).map(toRestriction);
      }),
    remove: (personId, untilMs) =>
      storeCall(async () => {
        const gone = db.deleteFrom('restrictions').where('person_id', '=', personId).where('until_ms', '<=', untilMs);
        return (await gone.executeTakeFirst()).numDeletedRows === 1n;
      }),
  };
}
