import type { Kysely } from 'kysely';
import type { RecordsTables } from '../tables.ts';

export async function createDirectory(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema
    .createTable('directory_accounts')
    .addColumn('person_id', 'text', (column) => column.primaryKey())
    .addColumn('user_name', 'text', (column) => column.notNull())
    .addColumn('user_name_key', 'text', (column) => column.notNull().unique())
    .addColumn('external_id', 'text')
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('modified_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('directory_accounts_by_external_id').on('directory_accounts').column('external_id').execute();
  await db.schema
    .createTable('directory_groups')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('external_id', 'text')
    .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('modified_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('directory_members')
    .addColumn('group_id', 'text', (column) => column.notNull().references('directory_groups.id'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('member_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('directory_members_key', ['group_id', 'kind', 'member_id'])
    .execute();
  await db.schema.createIndex('directory_members_by_member').on('directory_members').columns(['kind', 'member_id']).execute();
}
