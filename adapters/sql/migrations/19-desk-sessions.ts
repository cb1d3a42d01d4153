import type { Kysely } from 'kysely';
import type { RecordsTables } from '../tables.ts';

/** A computer that is revoked ends the sessions that it answered in. */
export async function indexDeskSessions(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema.createIndex('desk_sessions_by_device').on('desk_sessions').columns(['device_id', 'expires_at_ms']).execute();
}
