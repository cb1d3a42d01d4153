import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import type { CredentialId, PersonId, SessionId } from '#gateway/domain/site/ids.ts';
import { CONSOLE_SESSIONS_PER_PERSON_MAX, type ConsoleSession, type SessionStore } from '#gateway/ports/session-store.ts';
import { PLACEHOLDER, preparedQuery } from './prepared-query.ts';
import { flagField, idField, jsonField, toFlag } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { ConsoleSessionsTable } from './session-tables.ts';
import type { RecordsTables } from './tables.ts';

const rowSchema = z.object({
  id: idField<SessionId>(),
  person_id: idField<PersonId>(),
  kind: z.enum(['console', 'cli', 'portal']),
  secret_sha256: z.string(),
  created_at_ms: z.int(),
  authenticated_at_ms: z.int(),
  amr_json: jsonField(z.array(z.string())),
  acr: z.string(),
  user_verified: flagField,
  credential_id: idField<CredentialId>().nullable(),
  expires_at_ms: z.int(),
});

function toSession(row: ConsoleSessionsTable): ConsoleSession {
  const parsed = rowSchema.parse(row);
  return {
    id: parsed.id,
    personId: parsed.person_id,
    kind: parsed.kind,
    secretSha256: parsed.secret_sha256,
    createdAtMs: parsed.created_at_ms,
    authenticatedAtMs: parsed.authenticated_at_ms,
    amr: parsed.amr_json,
    acr: parsed.acr,
    userVerified: parsed.user_verified,
    credentialId: parsed.credential_id,
    expiresAtMs: parsed.expires_at_ms,
  };
}

const toRow = (session: ConsoleSession): ConsoleSessionsTable => ({
  id: session.id,
  person_id: session.personId,
  kind: session.kind,
  secret_sha256: session.secretSha256,
  created_at_ms: session.createdAtMs,
  authenticated_at_ms: session.authenticatedAtMs,
  amr_json: JSON.stringify(session.amr),
  acr: session.acr,
  user_verified: toFlag(session.userVerified),
  credential_id: session.credentialId,
  expires_at_ms: session.expiresAtMs,
});

async function createSession(db: Transaction<RecordsTables>, session: ConsoleSession): Promise<void> {
  const { personId, kind, createdAtMs } = session;
  await db.deleteFrom('console_sessions').where('person_id', '=', personId).where('expires_at_ms', '<=', createdAtMs).execute();
  const kept = await db
    .selectFrom('console_sessions')
    .select('id')
    .where('person_id', '=', personId)
    .where('kind', '=', kind)
    .orderBy('created_at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(CONSOLE_SESSIONS_PER_PERSON_MAX - 1)
    .execute();
  if (kept.length === CONSOLE_SESSIONS_PER_PERSON_MAX - 1) {
    const keptIds = kept.map((row) => row.id);
    const ofKind = db.deleteFrom('console_sessions').where('person_id', '=', personId).where('kind', '=', kind);
    await ofKind.where('id', 'not in', keptIds).execute();
  }
  await db.insertInto('console_sessions').values(toRow(session)).execute();
}

export function createSqlSessionStore(db: Kysely<RecordsTables>): SessionStore {
  const selectBySecret = preparedQuery(
    db,
    db.selectFrom('console_sessions').selectAll().where('secret_sha256', '=', PLACEHOLDER).where('expires_at_ms', '>', 0),
  );
  const oldestFirst = (a: ConsoleSession, b: ConsoleSession): number => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1);

  return {
    create: (session) =>
      storeCall(() => db.transaction().execute((transaction) => createSession(transaction, session)), {
        unique: 'The session exists already.',
      }),
    findBySecret: (secretSha256, nowMs) => storeCall(async () => (await selectBySecret(secretSha256, nowMs)).map(toSession)[0] ?? null),
    ofPerson: (personId, nowMs) =>
      storeCall(async () => {
        const rows = await db
          .selectFrom('console_sessions')
          .selectAll()
          .where('person_id', '=', personId)
          .where('expires_at_ms', '>', nowMs)
          .execute();
        return rows.map(toSession).sort(oldestFirst);
      }),
    end: (id) =>
      storeCall(async () => (await db.deleteFrom('console_sessions').where('id', '=', id).executeTakeFirst()).numDeletedRows === 1n),
    endAllOf: (personId) =>
      storeCall(async () => {
        const rows = await db.deleteFrom('console_sessions').where('person_id', '=', personId).returningAll().execute();
        return rows.map(toSession).sort(oldestFirst);
      }),
  };
}
