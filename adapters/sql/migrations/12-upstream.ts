import type { Kysely } from 'kysely';
import type { RecordsTables } from '../tables.ts';

export async function createUpstream(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema
    .createTable('upstream_links')
    .addColumn('upstream_id', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('linked_at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('upstream_links_key', ['upstream_id', 'subject'])
    .addUniqueConstraint('upstream_links_one_subject', ['upstream_id', 'person_id'])
    .execute();
  await db.schema
    .createTable('upstream_sessions')
    .addColumn('session_uid', 'text', (column) => column.primaryKey())
    .addColumn('upstream_id', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('sid', 'text')
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('upstream_sessions_by_subject').on('upstream_sessions').columns(['upstream_id', 'subject']).execute();
  await db.schema.createIndex('upstream_sessions_by_sid').on('upstream_sessions').columns(['upstream_id', 'sid']).execute();
  await db.schema.createIndex('upstream_sessions_by_expiry').on('upstream_sessions').column('expires_at_ms').execute();
}
