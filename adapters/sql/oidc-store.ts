import { sql, type CompiledQuery, type ExpressionBuilder, type Kysely } from 'kysely';
import { z } from 'zod';
import { assertOidcGiftFits, assertOidcPayloadFits, type OidcArtifact, type OidcStore, type OidcUse } from '#gateway/ports/oidc-store.ts';
import { PLACEHOLDER, preparedQuery } from './prepared-query.ts';
import { epochMsField } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { OidcArtifactsTable } from './session-tables.ts';
import type { RecordsTables } from './tables.ts';

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

/** In the order of the values that a prepared insert is given. */
const PLACEHOLDER_ROW: OidcArtifactsTable = {
  model: PLACEHOLDER,
  id: PLACEHOLDER,
  payload_json: PLACEHOLDER,
  person_id: PLACEHOLDER,
  client_id: PLACEHOLDER,
  grant_id: PLACEHOLDER,
  uid: PLACEHOLDER,
  user_code: PLACEHOLDER,
  expires_at_ms: 0,
  consumed_at_ms: 0,
};
const COLUMNS = Object.keys(PLACEHOLDER_ROW) as readonly (keyof OidcArtifactsTable)[];

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

/** Run some ten times in one sign-in: built once. */
function buildWrites(db: Kysely<RecordsTables>) {
  return {
    upsert: db
      .insertInto('oidc_artifacts')
      .values(PLACEHOLDER_ROW)
      .onConflict((conflict) =>
        conflict.columns(['model', 'id']).doUpdateSet((eb) => ({
          payload_json: eb.ref('excluded.payload_json'),
          person_id: eb.ref('excluded.person_id'),
          client_id: eb.ref('excluded.client_id'),
          grant_id: eb.ref('excluded.grant_id'),
          uid: eb.ref('excluded.uid'),
          user_code: eb.ref('excluded.user_code'),
          expires_at_ms: eb.ref('excluded.expires_at_ms'),
          // Once used, always used: a late write of the provider must not make a one-time artifact usable again.
          consumed_at_ms: eb.fn.coalesce('oidc_artifacts.consumed_at_ms', 'excluded.consumed_at_ms'),
        })),
      )
      .compile(),
    consume: db
      .updateTable('oidc_artifacts')
      .set({ consumed_at_ms: 0 })
      .where('model', '=', PLACEHOLDER)
      .where('id', '=', PLACEHOLDER)
      .where('consumed_at_ms', 'is', null)
      .where((eb) => eb.or([eb('expires_at_ms', 'is', null), eb('expires_at_ms', '>', 0)]))
      .returning('id')
      .compile(),
    destroy: db.deleteFrom('oidc_artifacts').where('model', '=', PLACEHOLDER).where('id', '=', PLACEHOLDER).compile(),
  };
}

type Parameters_ = readonly (string | number | null)[];

/** The same statements on whatever connection is given: that of a transaction, for writes that belong together. */
function writesOn(on: Kysely<RecordsTables>, built: ReturnType<typeof buildWrites>) {
  const run = (query: CompiledQuery<unknown>, parameters: Parameters_) => on.executeQuery({ ...query, parameters });
  return {
    upsert: async (artifact: OidcArtifact): Promise<void> => {
      const row = toRow(artifact);
      await run(
        built.upsert,
        COLUMNS.map((column) => row[column]),
      );
    },
    consume: async ({ id, model, nowMs }: OidcUse): Promise<boolean> =>
      (await run(built.consume, [nowMs, model, id, nowMs])).rows.length === 1,
    destroy: async (model: string, id: string): Promise<void> => void (await run(built.destroy, [model, id])),
  };
}

/** Runs writes together, on the connection that they are given. */
type InTransaction = <Result>(work: (on: Kysely<RecordsTables>) => Promise<Result>) => Promise<Result>;

async function replacePayload(
  db: Kysely<RecordsTables>,
  { model, id, from, to }: Parameters<OidcStore['replacePayload']>[0],
): Promise<boolean> {
  assertOidcPayloadFits(to);
  const result = await db
    .updateTable('oidc_artifacts')
    .set({ payload_json: to })
    .where('model', '=', model)
    .where('id', '=', id)
    .where('payload_json', '=', from)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** What is used and what is given for it, as one. */
function createExchanges(
  inTransaction: InTransaction,
  built: ReturnType<typeof buildWrites>,
): Pick<OidcStore, 'exchange' | 'undoExchange'> {
  return {
    exchange: (used, given) =>
      storeCall(() => {
        assertOidcGiftFits(given);
        return inTransaction(async (on) => {
          const { consume, upsert } = writesOn(on, built);
          const isFirst = await consume(used);
          if (isFirst) for (const artifact of given) await upsert(artifact);
          return isFirst;
        });
      }),
    undoExchange: (used, given) =>
      storeCall(() =>
        inTransaction(async (on) => {
          const { destroy } = writesOn(on, built);
          for (const { id, model } of given) await destroy(model, id);
          await unuse(on, used);
        }),
      ),
  };
}

async function unuse(db: Kysely<RecordsTables>, { id, model, nowMs }: OidcUse): Promise<void> {
  const stored = db.updateTable('oidc_artifacts').set({ consumed_at_ms: null }).where('model', '=', model).where('id', '=', id);
  await stored.where('consumed_at_ms', '=', nowMs).execute();
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

const isLive = (nowMs: number) => (eb: ExpressionBuilder<RecordsTables, 'oidc_artifacts'>) =>
  eb.or([eb('expires_at_ms', 'is', null), eb('expires_at_ms', '>', nowMs)]);

async function ofModel(
  db: Kysely<RecordsTables>,
  model: string,
  { afterId, limit, nowMs }: { readonly afterId: string | null; readonly limit: number; readonly nowMs: number },
): Promise<readonly OidcArtifactsTable[]> {
  const all = db.selectFrom('oidc_artifacts').selectAll().where('model', '=', model).where(isLive(nowMs));
  const after = afterId === null ? all : all.where('id', '>', afterId);
  return after.orderBy('id').limit(limit).execute();
}

/** Rare, and without an index: a client ends when an operator removes its app. */
async function ofClient(
  db: Kysely<RecordsTables>,
  clientId: string,
  { limit, nowMs }: { readonly limit: number; readonly nowMs: number },
): Promise<readonly OidcArtifactsTable[]> {
  const all = db.selectFrom('oidc_artifacts').selectAll().where('client_id', '=', clientId).where(isLive(nowMs));
  return all.orderBy('model').orderBy('id').limit(limit).execute();
}

async function destroyOfPerson(db: Kysely<RecordsTables>, personId: string): Promise<Readonly<Record<string, number>>> {
  // One statement is one transaction: sessions and tokens are gone together.
  const rows = await db.deleteFrom('oidc_artifacts').where('person_id', '=', personId).returning('model').execute();
  const counts: Record<string, number> = {};
  for (const { model } of rows) counts[model] = (counts[model] ?? 0) + 1;
  return counts;
}

/** `inTransaction`: for whoever has begun one on the connection of `db`, and ends it. */
export function createSqlOidcStore(
  db: Kysely<RecordsTables>,
  inTransaction: InTransaction = (work) => db.transaction().execute(work),
): OidcStore {
  const live = db
    .selectFrom('oidc_artifacts')
    .selectAll()
    .where((eb) => eb.or([eb('expires_at_ms', 'is', null), eb('expires_at_ms', '>', 0)]));
  const of = live.where('model', '=', PLACEHOLDER);
  const selectById = preparedQuery(db, of.where('id', '=', PLACEHOLDER));
  const selectByUid = preparedQuery(db, of.where('uid', '=', PLACEHOLDER));
  const selectByUserCode = preparedQuery(db, of.where('user_code', '=', PLACEHOLDER));
  const selectOfPerson = preparedQuery(db, of.where('person_id', '=', PLACEHOLDER).orderBy('id'));

  const built = buildWrites(db);
  const writes = writesOn(db, built);

  return {
    isWritable: () => true,
    upsert: (artifact) =>
      storeCall(async () => {
        assertOidcPayloadFits(artifact.payloadJson);
        await writes.upsert(artifact);
      }),
    replacePayload: (artifact) => storeCall(() => replacePayload(db, artifact)),
    find: (model, id, nowMs) => storeCall(async () => (await selectById(nowMs, model, id)).map(toArtifact)[0] ?? null),
    findByUid: (model, uid, nowMs) => storeCall(async () => (await selectByUid(nowMs, model, uid)).map(toArtifact)[0] ?? null),
    findByUserCode: (model, userCode, nowMs) =>
      storeCall(async () => (await selectByUserCode(nowMs, model, userCode)).map(toArtifact)[0] ?? null),
    consume: (model, id, nowMs) => storeCall(() => writes.consume({ model, id, nowMs })),
    ...createExchanges(inTransaction, built),
    destroy: (model, id) => storeCall(() => writes.destroy(model, id)),
    destroyByGrant: (grantId) =>
      storeCall(async () => {
        await db.deleteFrom('oidc_artifacts').where('grant_id', '=', grantId).execute();
      }),
    ofPerson: (model, personId, nowMs) => storeCall(async () => (await selectOfPerson(nowMs, model, personId)).map(toArtifact)),
    ofModel: (model, page, nowMs) => storeCall(async () => (await ofModel(db, model, { ...page, nowMs })).map(toArtifact)),
    ofClient: (clientId, limit, nowMs) => storeCall(async () => (await ofClient(db, clientId, { limit, nowMs })).map(toArtifact)),
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
