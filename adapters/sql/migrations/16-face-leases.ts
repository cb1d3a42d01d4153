import type { Kysely } from 'kysely';
import type { RecordsTables } from '../tables.ts';

/** What terminals did alone, and templates of people who have left. */
export async function addFaceLeases(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema
    .alterTable('face_devices')
    .addColumn('journal_seq', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('face_templates').addColumn('deletion_ordered_at_ms', 'bigint').execute();
  await db.schema.createIndex('face_templates_by_device').on('face_templates').columns(['device_id', 'status']).execute();
}
