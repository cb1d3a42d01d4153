import type { Kysely } from 'kysely';
import { z } from 'zod';
import { deskLookSchema, faceAlternativeSchema, type DeskSession } from '#gateway/domain/desk/desk-session.ts';
import type { DeskDeviceId, PersonId } from '#gateway/domain/site/ids.ts';
import type { DeskSessionStore, SessionOfPerson } from '#gateway/ports/desk-session-store.ts';
import { PLACEHOLDER, preparedQuery } from './prepared-query.ts';
import { idField, jsonField } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { DeskSessionsTable } from './desk-tables.ts';
import type { RecordsTables } from './tables.ts';

const rowSchema = z.object({
  session_uid: z.string(),
  person_id: idField<PersonId>(),
  device_id: idField<DeskDeviceId>().nullable(),
  look_json: jsonField(deskLookSchema).nullable(),
  alternative_json: jsonField(faceAlternativeSchema).nullable(),
  expires_at_ms: z.int(),
});

function toSession(row: DeskSessionsTable): DeskSession {
  const { alternative_json, device_id, expires_at_ms, look_json, person_id, session_uid } = rowSchema.parse(row);
  return {
    sessionUid: session_uid,
    personId: person_id,
    deviceId: device_id,
    look: look_json,
    alternative: alternative_json,
    expiresAtMs: expires_at_ms,
  };
}

type Facts = Pick<DeskSessionsTable, 'device_id' | 'look_json' | 'alternative_json'>;
const NOTHING: Facts = { device_id: null, look_json: null, alternative_json: null };

export function createSqlDeskSessionStore(db: Kysely<RecordsTables>): DeskSessionStore {
  /** What was there stays, unless the session was another person's. */
  const change = ({ expiresAtMs, personId, sessionUid }: SessionOfPerson, by: (before: Facts) => Partial<Facts>): Promise<void> =>
    storeCall(() =>
      db.transaction().execute(async (transaction) => {
        const before = await transaction.selectFrom('desk_sessions').selectAll().where('session_uid', '=', sessionUid).executeTakeFirst();
        const kept = before?.person_id === personId ? before : NOTHING;
        const { alternative_json, device_id, look_json } = kept;
        const facts = { person_id: personId, expires_at_ms: expiresAtMs, alternative_json, device_id, look_json, ...by(kept) };
        await transaction
          .insertInto('desk_sessions')
          .values({ session_uid: sessionUid, ...facts })
          .onConflict((conflict) => conflict.column('session_uid').doUpdateSet(facts))
          .execute();
      }),
    );
  // Asked with every decision about an app.
  const selectLive = preparedQuery(
    db,
    db.selectFrom('desk_sessions').selectAll().where('session_uid', '=', PLACEHOLDER).where('expires_at_ms', '>', 0),
  );
  return {
    find: (sessionUid, nowMs) => storeCall(async () => (await selectLive(sessionUid, nowMs)).map(toSession)[0] ?? null),
    ofDevice: (deviceId, nowMs) =>
      storeCall(async () => {
        const rows = await db
          .selectFrom('desk_sessions')
          .selectAll()
          .where('device_id', '=', deviceId)
          .where('expires_at_ms', '>', nowMs)
          .execute();
        return rows.map(toSession);
      }),
    bind: (session, { deviceId, look }) =>
      change(session, (before) => {
        if (look !== null) return { device_id: deviceId, look_json: JSON.stringify(look) };
        // What another computer saw is not this one's word.
        return before.device_id === deviceId ? {} : { device_id: deviceId, look_json: null };
      }),
    giveAlternative: (session, alternative) => change(session, () => ({ alternative_json: JSON.stringify(alternative) })),
    sweep: (nowMs, limit) =>
      storeCall(async () => {
        const expired = db.selectFrom('desk_sessions').select('session_uid').where('expires_at_ms', '<=', nowMs).limit(limit);
        return Number((await db.deleteFrom('desk_sessions').where('session_uid', 'in', expired).executeTakeFirstOrThrow()).numDeletedRows);
      }),
  };
}
