import type { Kysely } from 'kysely';
import type { RecordsTables } from '../tables.ts';

/** Why a computer counts no more, and until when a terminal may have a lease. */
export async function addDeparted(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema.alterTable('desk_devices').addColumn('revoked_at_ms', 'bigint').execute();
  await db.schema.alterTable('desk_devices').addColumn('revoked_because', 'text').execute();
  await db.schema.alterTable('face_devices').addColumn('lease_until_ms', 'bigint').execute();
}
