import type { Kysely } from 'kysely';
import type { RecordsTables } from '../tables.ts';

/** With which computer a session began, and which server tells of it. Of sessions from before it is not known. */
export async function addVpnDevices(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema.alterTable('vpn_sessions').addColumn('device_id', 'text').execute();
  await db.schema.alterTable('vpn_sessions').addColumn('nas', 'text').execute();
}
