import type { Kysely } from 'kysely';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { SqlDialect } from './dialect.ts';
import { MIGRATIONS } from './migrations.ts';
import { storeCall } from './store-call.ts';
import type { RecordsTables } from './tables.ts';

/**
 * Brings the tables to this program's version, all steps in one transaction: it is the old schema or the new. Threads and processes may
 * start at the same time; the second waits for the first and finds nothing to do.
 * @throws store.unavailable also when a newer program wrote the database: an older one must not write into tables that it does not know.
 */
export async function migrateRecords(db: Kysely<RecordsTables>, dialect: SqlDialect): Promise<void> {
  await storeCall(() =>
    db.transaction().execute(async (transaction) => {
      await transaction.schema
        .createTable('schema_migrations')
        .ifNotExists()
        .addColumn('number', 'integer', (column) => column.primaryKey())
        .addColumn('name', 'text', (column) => column.notNull())
        .execute();
      const applied = await transaction.selectFrom('schema_migrations').select('number').execute();
      const known = new Set(MIGRATIONS.map((step) => step.number));
      const done = new Set(applied.map((row) => row.number));
      if (applied.some((row) => !known.has(row.number))) {
        throw new GatewayError('store.unavailable', 'The database was written by a newer version of the gateway.');
      }
      for (const migration of MIGRATIONS.filter((step) => !done.has(step.number))) {
        await migration.up(transaction, dialect);
        await transaction.insertInto('schema_migrations').values({ number: migration.number, name: migration.name }).execute();
      }
    }),
  );
}
