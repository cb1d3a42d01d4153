import type { Kysely } from 'kysely';
import type { SqlDialect } from '../dialect.ts';
import type { RecordsTables } from '../tables.ts';

export async function createDataVersions(db: Kysely<RecordsTables>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable('data_version_parts')
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('body', dialect.bytes, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('data_versions')
    .addColumn('version', 'bigint', (column) => column.primaryKey())
    .addColumn('grants_version', 'bigint', (column) => column.notNull())
    .addColumn('detail_json', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('data_version_refs')
    .addColumn('version', 'bigint', (column) => column.notNull().references('data_versions.version'))
    .addColumn('section', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull().references('data_version_parts.hash'))
    .addPrimaryKeyConstraint('data_version_refs_key', ['version', 'section', 'hash'])
    .execute();
  await db.schema.createIndex('data_version_refs_by_hash').on('data_version_refs').column('hash').execute();
}
