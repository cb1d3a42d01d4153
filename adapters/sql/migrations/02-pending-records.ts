import type { Kysely } from 'kysely';
import type { RecordsTables } from '../tables.ts';

export async function createPendingRecords(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema
    .createTable('pending_records')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('position', 'bigint', (column) => column.notNull().unique())
    .addColumn('record_json', 'text', (column) => column.notNull())
    .execute();
}
