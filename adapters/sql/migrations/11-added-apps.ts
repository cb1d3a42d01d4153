import type { Kysely } from 'kysely';
import type { RecordsTables } from '../tables.ts';

export async function createAddedApps(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema
    .createTable('added_apps')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('client_id', 'text', (column) => column.notNull().unique())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('app_json', 'text', (column) => column.notNull())
    .execute();
}
