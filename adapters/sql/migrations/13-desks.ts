import type { Kysely } from 'kysely';
import type { RecordsTables } from '../tables.ts';

export async function createDesks(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema
    .createTable('desk_devices')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('public_key_json', 'text', (column) => column.notNull())
    .addColumn('key_kind', 'text', (column) => column.notNull())
    .addColumn('pack_hash', 'text')
    .addColumn('template_id', 'text')
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('enrolled_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('posture_json', 'text')
    .addColumn('posture_at_ms', 'bigint')
    .execute();
  await db.schema.createIndex('desk_devices_by_person').on('desk_devices').columns(['person_id', 'status']).execute();
  await db.schema
    .createTable('desk_sessions')
    .addColumn('session_uid', 'text', (column) => column.primaryKey())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('device_id', 'text')
    .addColumn('look_json', 'text')
    .addColumn('alternative_json', 'text')
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('desk_sessions_by_end').on('desk_sessions').column('expires_at_ms').execute();
}
