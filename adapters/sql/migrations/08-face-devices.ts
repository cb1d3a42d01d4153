import type { Kysely } from 'kysely';
import type { RecordsTables } from '../tables.ts';

export async function createFaceDevices(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema
    .createTable('face_devices')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('reader_id', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('public_key_json', 'text', (column) => column.notNull())
    .addColumn('pack_hash', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('enrolled_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('face_devices_by_reader').on('face_devices').columns(['reader_id', 'status']).execute();
}
