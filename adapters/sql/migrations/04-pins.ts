import type { Kysely } from 'kysely';
import type { SqlDialect } from '../dialect.ts';
import type { RecordsTables } from '../tables.ts';

export async function createPins(db: Kysely<RecordsTables>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable('pins')
    .addColumn('person_id', 'text', (column) => column.primaryKey())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('salt', dialect.bytes, (column) => column.notNull())
    .addColumn('cost_n', 'integer', (column) => column.notNull())
    .addColumn('cost_r', 'integer', (column) => column.notNull())
    .addColumn('cost_p', 'integer', (column) => column.notNull())
    .addColumn('hash', dialect.bytes, (column) => column.notNull())
    .addColumn('duress_hash', dialect.bytes)
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('changed_at_ms', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('pin_attempts')
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('reader_id', 'text', (column) => column.notNull())
    .addColumn('wrong_at_ms_json', 'text', (column) => column.notNull())
    .addColumn('locks', 'integer', (column) => column.notNull())
    .addColumn('locked_until_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('pin_attempts_key', ['person_id', 'reader_id'])
    .execute();
}
