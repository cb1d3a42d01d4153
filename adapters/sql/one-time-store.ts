import type { Kysely, Transaction } from 'kysely';
import { GatewayError } from '#gateway/domain/errors.ts';
import {
  GIVING_WAY,
  ONE_TIME_ITEMS_MAX,
  ONE_TIME_PAYLOAD_MAX,
  type OneTimePurpose,
  type OneTimeStore,
} from '#gateway/ports/one-time-store.ts';
import { storeCall } from './store-call.ts';
import type { OneTimeItemsTable } from './session-tables.ts';
import type { RecordsTables } from './tables.ts';

interface OneTimeRow extends OneTimeItemsTable {
  readonly purpose: OneTimePurpose;
}

interface Put {
  readonly row: OneTimeRow;
  readonly nowMs: number;
  readonly max: number;
  /** What happens to a live item of the same key. */
  readonly existing: 'replaced' | 'kept';
}

/** False when an existing item was kept. */
async function put(db: Transaction<RecordsTables>, { row, nowMs, max, existing }: Put): Promise<boolean> {
  await db.deleteFrom('one_time_items').where('expires_at_ms', '<=', nowMs).execute();
  const replaced = { payload_json: row.payload_json, expires_at_ms: row.expires_at_ms };
  const written = await db
    .insertInto('one_time_items')
    .values(row)
    .onConflict((conflict) => {
      const same = conflict.columns(['purpose', 'item_key']);
      return existing === 'kept' ? same.doNothing() : same.doUpdateSet(replaced);
    })
    .returning('item_key')
    .executeTakeFirst();
  if (written === undefined) return false;
  const { rows } = await db
    .selectFrom('one_time_items')
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .where('purpose', '=', row.purpose)
    .executeTakeFirstOrThrow();
  if (rows <= max) return true;
  if (!GIVING_WAY.has(row.purpose)) throw new GatewayError('store.conflict', 'Too many requests are open; try again in a few minutes.');
  await dropOldest(db, row, rows - max);
  return true;
}

/** Never the item that was just put, even when it expires first. */
async function dropOldest(db: Transaction<RecordsTables>, { purpose, item_key }: OneTimeRow, surplus: number): Promise<void> {
  const oldest = db
    .selectFrom('one_time_items')
    .select('item_key')
    .where('purpose', '=', purpose)
    .where('item_key', '!=', item_key)
    .orderBy('expires_at_ms')
    .orderBy('item_key')
    .limit(surplus);
  await db.deleteFrom('one_time_items').where('purpose', '=', purpose).where('item_key', 'in', oldest).execute();
}

export function createSqlOneTimeStore(
  db: Kysely<RecordsTables>,
  limits: { readonly itemsMax: Readonly<Record<OneTimePurpose, number>> } = { itemsMax: ONE_TIME_ITEMS_MAX },
): OneTimeStore {
  const store = ({ purpose, key, payloadJson, expiresAtMs, nowMs }: Parameters<OneTimeStore['put']>[0], existing: Put['existing']) =>
    storeCall(async () => {
      if (payloadJson.length > ONE_TIME_PAYLOAD_MAX) throw new GatewayError('request.too_large', 'The payload is too long.');
      const row = { purpose, item_key: key, payload_json: payloadJson, expires_at_ms: expiresAtMs };
      return db.transaction().execute((transaction) => put(transaction, { row, nowMs, max: limits.itemsMax[purpose], existing }));
    });

  return {
    put: async (item) => {
      await store(item, 'replaced');
    },
    putNew: (item) => store(item, 'kept'),
    peek: (purpose, key, nowMs) =>
      storeCall(async () => {
        const row = await db
          .selectFrom('one_time_items')
          .select('payload_json')
          .where('purpose', '=', purpose)
          .where('item_key', '=', key)
          .where('expires_at_ms', '>', nowMs)
          .executeTakeFirst();
        return row?.payload_json ?? null;
      }),
    take: (purpose, key, nowMs) =>
      storeCall(async () => {
        // One statement that removes and returns: of many callers the database gives the row to one.
        const row = await db
          .deleteFrom('one_time_items')
          .where('purpose', '=', purpose)
          .where('item_key', '=', key)
          .returning(['payload_json', 'expires_at_ms'])
          .executeTakeFirst();
        return row !== undefined && row.expires_at_ms > nowMs ? row.payload_json : null;
      }),
  };
}
