import type { Kysely } from 'kysely';
import type { RecordsTables } from '../tables.ts';
import type { SqlDialect } from '../dialect.ts';

/** Templates for readers that compare fingers or faces themselves, each sealed under a key of its own, which is sealed beside it. */
export async function createReaderTemplates(db: Kysely<RecordsTables>, { bytes }: Pick<SqlDialect, 'bytes'>): Promise<void> {
  await db.schema
    .createTable('reader_templates')
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('trait_type', 'integer', (column) => column.notNull())
    .addColumn('format', 'integer', (column) => column.notNull())
    .addColumn('sealed_key', bytes, (column) => column.notNull())
    .addColumn('sealed', bytes, (column) => column.notNull())
    .addColumn('enrolled_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('reader_templates_key', ['person_id', 'trait_type', 'format'])
    .execute();
  await db.schema.createIndex('reader_templates_by_end').on('reader_templates').column('expires_at_ms').execute();
}
