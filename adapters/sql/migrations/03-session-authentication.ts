import type { Kysely } from 'kysely';
import type { RecordsTables } from '../tables.ts';

/** Sessions from before say nothing of how they began: to the policy they are sessions without an authentication class. */
export async function addSessionAuthentication(db: Kysely<RecordsTables>): Promise<void> {
  const table = () => db.schema.alterTable('console_sessions');
  // One statement a column: SQLite adds no more at once.
  await table()
    .addColumn('amr_json', 'text', (column) => column.notNull().defaultTo('[]'))
    .execute();
  await table()
    .addColumn('acr', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await table()
    .addColumn('user_verified', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
