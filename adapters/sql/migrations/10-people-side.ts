import type { Kysely } from 'kysely';
import type { RecordsTables } from '../tables.ts';

/** What people see and set for themselves. Of sessions and passkeys from before it is not known. */
export async function addPeopleSide(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema.alterTable('console_sessions').addColumn('credential_id', 'text').execute();
  await db.schema.alterTable('passkeys').addColumn('last_used_at_ms', 'bigint').execute();
  await db.schema
    .createTable('person_preferences')
    .addColumn('person_id', 'text', (column) => column.primaryKey())
    .addColumn('language', 'text', (column) => column.notNull())
    .execute();
}
