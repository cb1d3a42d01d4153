import type { Kysely } from 'kysely';
import type { RecordsTables } from '../tables.ts';

export async function createVpnSessions(db: Kysely<RecordsTables>): Promise<void> {
  await db.schema
    .createTable('vpn_sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('realm_id', 'text', (column) => column.notNull())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('user_name', 'text', (column) => column.notNull())
    .addColumn('server_session_id', 'text', (column) => column.notNull())
    .addColumn('started_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('seen_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('ip', 'text')
    .addColumn('authentication_json', 'text', (column) => column.notNull())
    .addColumn('decision_id', 'text')
    .addColumn('correlation', 'text', (column) => column.notNull())
    .addUniqueConstraint('vpn_sessions_by_server_name', ['realm_id', 'server_session_id'])
    .execute();
  await db.schema.createIndex('vpn_sessions_by_person').on('vpn_sessions').column('person_id').execute();
  await db.schema.createIndex('vpn_sessions_by_sign_of_life').on('vpn_sessions').columns(['realm_id', 'seen_at_ms']).execute();
}
