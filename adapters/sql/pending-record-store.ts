import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { auditRecordSchema } from '#gateway/domain/audit/record.ts';
import { PENDING_RECORDS_PAGE_MAX, type PendingRecord, type PendingRecordStore } from '#gateway/ports/pending-record-store.ts';
import { jsonField } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { PendingRecordsTable, RecordsTables } from './tables.ts';

const rowSchema = z.object({ id: z.string(), record_json: jsonField(auditRecordSchema) });

function toPendingRecord(row: Pick<PendingRecordsTable, 'id' | 'record_json'>): PendingRecord {
  const parsed = rowSchema.parse(row);
  return { id: parsed.id, record: parsed.record_json };
}

async function add(db: Transaction<RecordsTables>, records: readonly PendingRecord[]): Promise<void> {
  const last = await db
    .selectFrom('pending_records')
    .select((eb) => eb.fn.max('position').as('position'))
    .executeTakeFirst();
  // Null when there is none.
  let position = last?.position ?? 0;
  // In pages: a statement has a limit of values.
  for (let from = 0; from < records.length; from += PENDING_RECORDS_PAGE_MAX) {
    const page = records.slice(from, from + PENDING_RECORDS_PAGE_MAX);
    const rows = page.map(({ id, record }) => ({ id, position: (position += 1), record_json: JSON.stringify(record) }));
    await db.insertInto('pending_records').values(rows).execute();
  }
}

export function createSqlPendingRecordStore(db: Kysely<RecordsTables>): PendingRecordStore {
  return {
    add: (records) =>
      storeCall(() => db.transaction().execute((transaction) => add(transaction, records)), { unique: 'The record is pending already.' }),
    list: (limit) =>
      storeCall(async () => {
        const rows = await db
          .selectFrom('pending_records')
          .select(['id', 'record_json'])
          .orderBy('position')
          .limit(Math.min(limit, PENDING_RECORDS_PAGE_MAX))
          .execute();
        return rows.map(toPendingRecord);
      }),
    remove: (ids) =>
      storeCall(async () => {
        if (ids.length > 0) await db.deleteFrom('pending_records').where('id', 'in', ids).execute();
      }),
  };
}
