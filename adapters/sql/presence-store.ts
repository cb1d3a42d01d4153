import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Presence } from '#gateway/domain/presence/presence.ts';
import type { AreaId, PersonId, SiteId } from '#gateway/domain/site/ids.ts';
import type { PresenceStore } from '#gateway/ports/presence-store.ts';
import { PLACEHOLDER, preparedQuery } from './prepared-query.ts';
import { idField } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { PresencesTable } from './people-tables.ts';
import type { RecordsTables } from './tables.ts';

const rowSchema = z.object({
  person_id: idField<PersonId>(),
  state: z.enum(['outside', 'inside', 'stale', 'unknown']),
  site_id: idField<SiteId>().nullable(),
  area_id: idField<AreaId>().nullable(),
  confidence: z.enum(['high', 'medium', 'low', 'none']),
  observed_at_ms: z.int(),
  source_seq: z.int(),
});

export function toPresence(row: PresencesTable): Presence {
  const parsed = rowSchema.parse(row);
  return {
    personId: parsed.person_id,
    state: parsed.state,
    siteId: parsed.site_id,
    areaId: parsed.area_id,
    confidence: parsed.confidence,
    observedAtMs: parsed.observed_at_ms,
    sourceSeq: parsed.source_seq,
  };
}

const toRow = (presence: Presence): PresencesTable => ({
  person_id: presence.personId,
  state: presence.state,
  site_id: presence.siteId,
  area_id: presence.areaId,
  confidence: presence.confidence,
  observed_at_ms: presence.observedAtMs,
  source_seq: presence.sourceSeq,
});

export function createSqlPresenceStore(db: Kysely<RecordsTables>): PresenceStore {
  const selectOne = preparedQuery(db, db.selectFrom('presences').selectAll().where('person_id', '=', PLACEHOLDER));
  const selectInOrder = db.selectFrom('presences').selectAll().orderBy('person_id');

  return {
    find: (personId) => storeCall(async () => (await selectOne(personId)).map(toPresence)[0] ?? null),
    put: (presence) =>
      storeCall(async () => {
        const { person_id, ...replaced } = toRow(presence);
        const result = await db
          .insertInto('presences')
          .values({ person_id, ...replaced })
          .onConflict((conflict) =>
            conflict.column('person_id').doUpdateSet(replaced).where('presences.source_seq', '<', presence.sourceSeq),
          )
          .executeTakeFirst();
        return result.numInsertedOrUpdatedRows === 1n;
      }),
    inArea: (areaId) => storeCall(async () => (await selectInOrder.where('area_id', '=', areaId).execute()).map(toPresence)),
    list: () => storeCall(async () => (await selectInOrder.execute()).map(toPresence)),
    clear: () => storeCall(async () => Number((await db.deleteFrom('presences').executeTakeFirstOrThrow()).numDeletedRows)),
  };
}
