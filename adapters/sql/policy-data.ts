import type { Kysely, Transaction } from 'kysely';
import type { PolicyData } from '#gateway/domain/access/policy-data.ts';
import { dataRevisionOf, joinData, splitData, type DataPart } from '#gateway/domain/policy/data-parts.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import { DATA_DOCUMENTS_MAX, DATA_RETENTION_MS, type PolicyStore } from '#gateway/ports/policy-store.ts';
import { pack, unpackText } from './policy-rows.ts';
import { storeCall } from './store-call.ts';
import type { RecordsTables } from './tables.ts';

/** Documents and parts removed by one step: each is one short transaction. */
const PRUNE_ROWS_MAX = 500;

export interface DataLimits {
  readonly documentsMax: number;
  readonly retentionMs: number;
}
export const DATA_LIMITS: DataLimits = { documentsMax: DATA_DOCUMENTS_MAX, retentionMs: DATA_RETENTION_MS };

/** Data documents, cut into parts of which versions share what is the same. */
export function createSqlPolicyData(
  db: Kysely<RecordsTables>,
  limits: DataLimits = DATA_LIMITS,
): Pick<PolicyStore, 'keepData' | 'data' | 'pruneData'> {
  return {
    keepData: (data, nowMs) => storeCall(() => keepData(db, data, nowMs)),
    data: (dataRevision) => storeCall(() => readData(db, dataRevision)),
    pruneData: (now) => storeCall(() => prune(db, limits, now)),
  };
}

async function keepData(db: Kysely<RecordsTables>, data: PolicyData, nowMs: number): Promise<string> {
  const dataRevision = dataRevisionOf(data);
  const renewed = await db
    .updateTable('policy_data')
    .set({ kept_at_ms: nowMs })
    .where('data_revision', '=', dataRevision)
    .executeTakeFirst();
  if (renewed.numUpdatedRows > 0n) return dataRevision;
  const parts = await missingParts(db, splitData(data));
  await db.transaction().execute(async (transaction) => {
    for (const { hash, body } of parts.packed) {
      await transaction
        .insertInto('policy_data_parts')
        .values({ hash, body })
        .onConflict((conflict) => conflict.column('hash').doNothing())
        .execute();
    }
    // Both threads keep what they are about to use: the second one finds the document there.
    const inserted = await transaction
      .insertInto('policy_data')
      .values({ data_revision: dataRevision, kept_at_ms: nowMs })
      .onConflict((conflict) => conflict.column('data_revision').doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 1n) await refer(transaction, dataRevision, parts.all);
  });
  return dataRevision;
}

/** Packed outside the transaction, which is then short. One that was removed meanwhile makes the reference fail, and the caller tries again. */
async function missingParts(db: Kysely<RecordsTables>, all: readonly DataPart[]) {
  const packed: { readonly hash: string; readonly body: Uint8Array }[] = [];
  for (const { hash, json } of all) {
    const known = await db.selectFrom('policy_data_parts').select('hash').where('hash', '=', hash).executeTakeFirst();
    if (known === undefined) packed.push({ hash, body: await pack(json) });
  }
  return { all, packed };
}

async function refer(db: Transaction<RecordsTables>, dataRevision: string, parts: readonly DataPart[]): Promise<void> {
  for (const { section, hash } of parts) {
    await db.insertInto('policy_data_refs').values({ data_revision: dataRevision, section, hash }).execute();
  }
}

async function readData(db: Kysely<RecordsTables>, dataRevision: string): Promise<PolicyData | null> {
  const rows = await db
    .selectFrom('policy_data_refs')
    .innerJoin('policy_data_parts', 'policy_data_parts.hash', 'policy_data_refs.hash')
    .select(['policy_data_refs.section', 'policy_data_parts.body'])
    .where('policy_data_refs.data_revision', '=', dataRevision)
    .execute();
  if (rows.length === 0) return null;
  try {
    const data = joinData(await Promise.all(rows.map(async ({ section, body }) => ({ section, json: await unpackText(body) }))));
    if (dataRevisionOf(data) !== dataRevision) throw new TypeError('the document is not the one of this name');
    // Its hash says that it is a document which passed the schema of its time.
    return data as PolicyData;
  } catch (cause) {
    throw new GatewayError('store.corrupt', 'A stored data document cannot be read.', { cause });
  }
}

async function prune(
  db: Kysely<RecordsTables>,
  { documentsMax, retentionMs }: DataLimits,
  { nowMs, activeDataRevision }: { readonly nowMs: number; readonly activeDataRevision: string },
): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    const old = transaction.selectFrom('policy_data').select('data_revision').where('data_revision', '!=', activeDataRevision);
    const [expired, beyond] = await Promise.all([
      old
        .where('kept_at_ms', '<', nowMs - retentionMs)
        .limit(PRUNE_ROWS_MAX)
        .execute(),
      old
        .orderBy('kept_at_ms', 'desc')
        .offset(Math.max(0, documentsMax - 1))
        .limit(PRUNE_ROWS_MAX)
        .execute(),
    ]);
    const gone = [...new Set([...expired, ...beyond].map((row) => row.data_revision))];
    for (const dataRevision of gone) {
      await transaction.deleteFrom('policy_data_refs').where('data_revision', '=', dataRevision).execute();
      await transaction.deleteFrom('policy_data').where('data_revision', '=', dataRevision).execute();
    }
    if (gone.length > 0) {
      await transaction
        .deleteFrom('policy_data_parts')
        .where('hash', 'not in', transaction.selectFrom('policy_data_refs').select('hash'))
        .execute();
    }
    return gone.length;
  });
}
