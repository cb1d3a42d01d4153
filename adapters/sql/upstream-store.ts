import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { UPSTREAM_SWEEP_MAX, type UpstreamLink, type UpstreamSession, type UpstreamStore } from '#gateway/ports/upstream-store.ts';
import { idField } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { RecordsTables } from './tables.ts';
import type { UpstreamLinksTable, UpstreamSessionsTable } from './upstream-tables.ts';

const linkRow = z.object({ upstream_id: z.string(), subject: z.string(), person_id: idField<PersonId>(), linked_at_ms: z.int() });

function toLink(row: UpstreamLinksTable | undefined): UpstreamLink | null {
  if (row === undefined) return null;
  const { upstream_id: upstreamId, subject, person_id: personId, linked_at_ms: linkedAtMs } = linkRow.parse(row);
  return { upstreamId, subject, personId, linkedAtMs };
}

const sessionRow = z.object({
  session_uid: z.string(),
  upstream_id: z.string(),
  subject: z.string(),
  sid: z.string().nullable(),
  person_id: idField<PersonId>(),
  expires_at_ms: z.int(),
});

function toSession(row: UpstreamSessionsTable): UpstreamSession {
  const { expires_at_ms, person_id, session_uid, sid, subject, upstream_id } = sessionRow.parse(row);
  return { upstreamId: upstream_id, subject, sid, personId: person_id, sessionUid: session_uid, expiresAtMs: expires_at_ms };
}

export function createSqlUpstreamStore(db: Kysely<RecordsTables>): UpstreamStore {
  const links = db.selectFrom('upstream_links').selectAll();
  return {
    linkOfSubject: (upstreamId, subject) =>
      storeCall(async () => toLink(await links.where('upstream_id', '=', upstreamId).where('subject', '=', subject).executeTakeFirst())),
    linkOfPerson: (upstreamId, personId) =>
      storeCall(async () => toLink(await links.where('upstream_id', '=', upstreamId).where('person_id', '=', personId).executeTakeFirst())),
    addLink: ({ linkedAtMs, personId, subject, upstreamId }) =>
      storeCall(
        async () => {
          const row = { upstream_id: upstreamId, subject, person_id: personId, linked_at_ms: linkedAtMs };
          await db.insertInto('upstream_links').values(row).execute();
        },
        { unique: 'The account or the person is linked already.' },
      ),
    removeLink: (upstreamId, personId) =>
      storeCall(async () => {
        const result = await db
          .deleteFrom('upstream_links')
          .where('upstream_id', '=', upstreamId)
          .where('person_id', '=', personId)
          .executeTakeFirst();
        return result.numDeletedRows > 0n;
      }),
    saveSession: ({ expiresAtMs, personId, sessionUid, sid, subject, upstreamId }, nowMs) =>
      storeCall(async () => {
        const expired = db
          .selectFrom('upstream_sessions')
          .select('session_uid')
          .where('expires_at_ms', '<=', nowMs)
          .limit(UPSTREAM_SWEEP_MAX);
        await db.deleteFrom('upstream_sessions').where('session_uid', 'in', expired).execute();
        const row = { upstream_id: upstreamId, subject, sid, person_id: personId, expires_at_ms: expiresAtMs };
        await db
          .insertInto('upstream_sessions')
          .values({ session_uid: sessionUid, ...row })
          .onConflict((conflict) => conflict.column('session_uid').doUpdateSet(row))
          .execute();
      }),
    takeSessions: ({ sid, subject, upstreamId }, nowMs) =>
      storeCall(async () => {
        if (subject === null && sid === null) return [];
        let taken = db.deleteFrom('upstream_sessions').where('upstream_id', '=', upstreamId).where('expires_at_ms', '>', nowMs);
        if (subject !== null) taken = taken.where('subject', '=', subject);
        if (sid !== null) taken = taken.where('sid', '=', sid);
        const rows = await taken.returningAll().execute();
        return rows.map(toSession).sort((a, b) => (a.sessionUid < b.sessionUid ? -1 : 1));
      }),
  };
}
