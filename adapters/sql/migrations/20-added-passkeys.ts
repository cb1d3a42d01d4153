import type { Kysely } from 'kysely';
import type { RecordsTables } from '../tables.ts';

/** With which passkey another one was added. Of those from before it is not known. */
export async function addAddedPasskeys(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema.alterTable('passkeys').addColumn('added_with', 'text').execute();
}
