import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import type { DecisionId, DeskDeviceId, PersonId, SessionId, VpnRealmId } from '#gateway/domain/site/ids.ts';
import { VPN_SESSIONS_PER_PERSON_MAX, type VpnSession, type VpnSessionStore } from '#gateway/ports/vpn-session-store.ts';
import { idField, jsonField } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { VpnSessionsTable } from './session-tables.ts';
import type { RecordsTables } from './tables.ts';

const authenticationSchema = z
  .strictObject({ amr: z.array(z.string()), acr: z.string(), userVerified: z.boolean(), authenticatedAtMs: z.int() })
  .nullable();

const rowSchema = z.object({
  id: idField<SessionId>(),
  realm_id: idField<VpnRealmId>(),
  person_id: idField<PersonId>(),
  user_name: z.string(),
  server_session_id: z.string(),
  started_at_ms: z.int(),
  seen_at_ms: z.int(),
  ip: z.string().nullable(),
  authentication_json: jsonField(authenticationSchema),
  decision_id: idField<DecisionId>().nullable(),
  correlation: z.string(),
  device_id: idField<DeskDeviceId>().nullable(),
  nas: z.string().nullable(),
});

function toSession(row: VpnSessionsTable): VpnSession {
  const parsed = rowSchema.parse(row);
  return {
    id: parsed.id,
    realmId: parsed.realm_id,
    personId: parsed.person_id,
    userName: parsed.user_name,
    serverSessionId: parsed.server_session_id,
    startedAtMs: parsed.started_at_ms,
    seenAtMs: parsed.seen_at_ms,
    ip: parsed.ip,
    authentication: parsed.authentication_json,
    decisionId: parsed.decision_id,
    correlation: parsed.correlation,
    deviceId: parsed.device_id,
    nas: parsed.nas,
  };
}

const toRow = (session: VpnSession): VpnSessionsTable => ({
  id: session.id,
  realm_id: session.realmId,
  person_id: session.personId,
  user_name: session.userName,
  server_session_id: session.serverSessionId,
  started_at_ms: session.startedAtMs,
  seen_at_ms: session.seenAtMs,
  ip: session.ip,
  authentication_json: JSON.stringify(session.authentication),
  decision_id: session.decisionId,
  correlation: session.correlation,
  device_id: session.deviceId,
  nas: session.nas,
});

async function start(db: Transaction<RecordsTables>, session: VpnSession): Promise<'started' | 'known' | 'full'> {
  const known = await db
    .selectFrom('vpn_sessions')
    .select('id')
    .where('realm_id', '=', session.realmId)
    .where('server_session_id', '=', session.serverSessionId)
    .executeTakeFirst();
  if (known !== undefined) return 'known';
  const { count } = await db
    .selectFrom('vpn_sessions')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('person_id', '=', session.personId)
    .executeTakeFirstOrThrow();
  if (Number(count) >= VPN_SESSIONS_PER_PERSON_MAX) return 'full';
  await db.insertInto('vpn_sessions').values(toRow(session)).execute();
  return 'started';
}

export function createSqlVpnSessionStore(db: Kysely<RecordsTables>): VpnSessionStore {
  const oldestFirst = (a: VpnSession, b: VpnSession): number => a.startedAtMs - b.startedAtMs || (a.id < b.id ? -1 : 1);

  return {
    start: (session) => storeCall(() => db.transaction().execute((transaction) => start(transaction, session))),
    find: (realmId, serverSessionId) =>
      storeCall(async () => {
        const row = await db
          .selectFrom('vpn_sessions')
          .selectAll()
          .where('realm_id', '=', realmId)
          .where('server_session_id', '=', serverSessionId)
          .executeTakeFirst();
        return row === undefined ? null : toSession(row);
      }),
    seen: (id, nowMs) =>
      storeCall(async () => {
        const result = await db.updateTable('vpn_sessions').set({ seen_at_ms: nowMs }).where('id', '=', id).executeTakeFirst();
        return result.numUpdatedRows === 1n;
      }),
    ofRealm: (realmId) =>
      storeCall(async () => {
        const rows = await db.selectFrom('vpn_sessions').selectAll().where('realm_id', '=', realmId).execute();
        return rows.map(toSession).sort(oldestFirst);
      }),
    ofPerson: (personId) =>
      storeCall(async () => {
        const rows = await db.selectFrom('vpn_sessions').selectAll().where('person_id', '=', personId).execute();
        return rows.map(toSession).sort(oldestFirst);
      }),
    end: (id) =>
      storeCall(async () => {
        const row = await db.deleteFrom('vpn_sessions').where('id', '=', id).returningAll().executeTakeFirst();
        return row === undefined ? null : toSession(row);
      }),
    endSilent: (realmId, seenBeforeMs, limit) =>
      storeCall(async () => {
        const silent = db
          .selectFrom('vpn_sessions')
          .select('id')
          .where('realm_id', '=', realmId)
          .where('seen_at_ms', '<', seenBeforeMs)
          .orderBy('started_at_ms')
          .orderBy('id')
          .limit(limit);
        const rows = await db.deleteFrom('vpn_sessions').where('id', 'in', silent).returningAll().execute();
        return rows.map(toSession).sort(oldestFirst);
      }),
  };
}
