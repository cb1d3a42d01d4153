import type { Kysely } from 'kysely';
import type { RecordsTables } from '../tables.ts';

/** Who is enrolled at which terminal, and restrictions that end by themselves. */
export async function createFaces(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema
    .createTable('face_templates')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('device_id', 'text', (column) => column.notNull())
    .addColumn('storage', 'text', (column) => column.notNull())
    .addColumn('pack_hash', 'text', (column) => column.notNull())
    .addColumn('enrolled_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('ended_at_ms', 'bigint')
    .addColumn('receipt', 'text')
    .execute();
  await db.schema.createIndex('face_templates_by_person').on('face_templates').columns(['person_id', 'device_id', 'status']).execute();
  await db.schema.createIndex('face_templates_by_time').on('face_templates').columns(['enrolled_at_ms', 'id']).execute();
  await db.schema
    .createTable('restrictions')
    .addColumn('person_id', 'text', (column) => column.primaryKey().references('people.id').onDelete('cascade'))
    .addColumn('cause', 'text', (column) => column.notNull())
    .addColumn('since_ms', 'bigint', (column) => column.notNull())
    .addColumn('until_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('restrictions_by_end').on('restrictions').column('until_ms').execute();
}
