import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import { GatewayError } from '#gateway/domain/errors.ts';
import { OIDC_PAYLOAD_BYTES_MAX, type OidcArtifact, type OidcStore } from '#gateway/ports/oidc-store.ts';
import { PLACEHOLDER, preparedQuery } from './prepared-query.ts';
import { epochMsField } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { OidcArtifactsTable, RecordsTables } from './tables.ts';

const rowSchema = z.object({
  model: z.string(),
  id: z.string(),
  payload_json: z.string(),
  person_id: z.string().nullable(),
  client_id: z.string().nullable(),
  grant_id: z.string().nullable(),
  uid: z.string().nullable(),
  user_code: z.string().nullable(),
  expires_at_ms: epochMsField,
  consumed_at_ms: epochMsField,
});

function toArtifact(row: OidcArtifactsTable): OidcArtifact {
  const parsed = rowSchema.parse(row);
  return {
    model: parsed.model,
    id: parsed.id,
    payloadJson: parsed.payload_json,
    personId: parsed.person_id,
    clientId: parsed.client_id,
    grantId: parsed.grant_id,
    uid: parsed.uid,
    userCode: parsed.user_code,
    expiresAtMs: parsed.expires_at_ms,
    consumedAtMs: parsed.consumed_at_ms,
  };
}

const toRow = (artifact: OidcArtifact): OidcArtifactsTable => ({
  model: artifact.model,
  id: artifact.id,
  payload_json: artifact.payloadJson,
  person_id: artifact.personId,
  client_id: artifact.clientId,
  grant_id: artifact.grantId,
  uid: artifact.uid,
  user_code: artifact.userCode,
  expires_at_ms: artifact.expiresAtMs,
  consumed_at_ms: artifact.consumedAtMs,
});

function assertFits(payloadJson: string): void {
  if (Buffer.byteLength(payloadJson) > OIDC_PAYLOAD_BYTES_MAX) {
    throw new GatewayError('request.too_large', 'The sign-in state is too long.');
  }
}

async function upsert(db: Kysely<RecordsTables>, artifact: OidcArtifact): Promise<void> {
  assertFits(artifact.payloadJson);
  const { model, id, consumed_at_ms, ...replaced } = toRow(artifact);
  await db
    .insertInto('oidc_artifacts')
    .values({ model, id, consumed_at_ms, ...replaced })
    .onConflict((conflict) =>
      conflict.columns(['model', 'id']).doUpdateSet((eb) => ({
        ...replaced,
        // Once used, always used: a late write of the provider must not make a one-time artifact usable again.
        consumed_at_ms: eb.fn.coalesce('oidc_artifacts.consumed_at_ms', 'excluded.consumed_at_ms'),
      })),
    )
    .execute();
}

async function replacePayload(
  db: Kysely<RecordsTables>,
  { model, id, from, to }: Parameters<OidcStore['replacePayload']>[0],
): Promise<boolean> {
  assertFits(to);
  const result = await db
    .updateTable('oidc_artifacts')
    .set({ payload_json: to })
    .where('model', '=', model)
    .where('id', '=', id)
    .where('payload_json', '=', from)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

async function trim(db: Kysely<RecordsTables>, model: string, keptMax: number): Promise<number> {
  const { rows } = await db
    .selectFrom('oidc_artifacts')
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .where('model', '=', model)
    .executeTakeFirstOrThrow();
  if (rows <= keptMax) return 0;
  const surplus = db
    .selectFrom('oidc_artifacts')
    .select('id')
    .where('model', '=', model)
    .orderBy((eb) => eb.fn.coalesce('expires_at_ms', eb.lit(Number.MAX_SAFE_INTEGER)))
    .orderBy('id')
    .limit(rows - keptMax);
  const result = await db.deleteFrom('oidc_artifacts').where('model', '=', model).where('id', 'in', surplus).executeTakeFirst();
  return Number(result.numDeletedRows);
}

async function consume(
  db: Kysely<RecordsTables>,
  artifact: { readonly model: string; readonly id: string },
  nowMs: number,
): Promise<boolean> {
  const result = await db
    .updateTable('oidc_artifacts')
    .set({ consumed_at_ms: nowMs })
    .where('model', '=', artifact.model)
    .where('id', '=', artifact.id)
    .where('consumed_at_ms', 'is', null)
    .where((eb) => eb.or([eb('expires_at_ms', 'is', null), eb('expires_at_ms', '>', nowMs)]))
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

async function destroyOfPerson(db: Kysely<RecordsTables>, personId: string): Promise<Readonly<Record<string, number>>> {
  // One statement is one transaction: sessions and tokens are gone together.
  const rows = await db.deleteFrom('oidc_artifacts').where('person_id', '=', personId).returning('model').execute();
  const counts: Record<string, number> = {};
  for (const { model } of rows) counts[model] = (counts[model] ?? 0) + 1;
  return counts;
}

export function createSqlOidcStore(db: Kysely<RecordsTables>): OidcStore {
  const live = db
    .selectFrom('oidc_artifacts')
    .selectAll()
    .where((eb) => eb.or([eb('expires_at_ms', 'is', null), eb('expires_at_ms', '>', 0)]));
  const of = live.where('model', '=', PLACEHOLDER);
  const selectById = preparedQuery(db, of.where('id', '=', PLACEHOLDER));
  const selectByUid = preparedQuery(db, of.where('uid', '=', PLACEHOLDER));
  const selectByUserCode = preparedQuery(db, of.where('user_code', '=', PLACEHOLDER));
  const selectOfPerson = preparedQuery(db, of.where('person_id', '=', PLACEHOLDER).orderBy('id'));

  return {
    upsert: (artifact) => storeCall(() => upsert(db, artifact)),
    replacePayload: (artifact) => storeCall(() => replacePayload(db, artifact)),
    find: (model, id, nowMs) => storeCall(async () => (await selectById(nowMs, model, id)).map(toArtifact)[0] ?? null),
    findByUid: (model, uid, nowMs) => storeCall(async () => (await selectByUid(nowMs, model, uid)).map(toArtifact)[0] ?? null),
    findByUserCode: (model, userCode, nowMs) =>
      storeCall(async () => (await selectByUserCode(nowMs, model, userCode)).map(toArtifact)[0] ?? null),
    consume: (model, id, nowMs) => storeCall(() => consume(db, { model, id }, nowMs)),
    destroy: (model, id) =>
      storeCall(async () => {
        await db.deleteFrom('oidc_artifacts').where('model', '=', model).where('id', '=', id).execute();
      }),
    destroyByGrant: (grantId) =>
      storeCall(async () => {
        await db.deleteFrom('oidc_artifacts').where('grant_id', '=', grantId).execute();
      }),
    ofPerson: (model, personId, nowMs) => storeCall(async () => (await selectOfPerson(nowMs, model, personId)).map(toArtifact)),
    destroyOfPerson: (personId) => storeCall(() => destroyOfPerson(db, personId)),
    trim: (model, keptMax) => storeCall(() => trim(db, model, keptMax)),
    sweep: (nowMs, limit) =>
      storeCall(async () => {
        const expired = db.selectFrom('oidc_artifacts').select(['model', 'id']).where('expires_at_ms', '<=', nowMs).limit(limit);
        const result = await db
          .deleteFrom('oidc_artifacts')
          .where(sql`(model, id)`, 'in', expired)
          .executeTakeFirst();
        return Number(result.numDeletedRows);
      }),
  };
}
