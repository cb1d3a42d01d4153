import type { Kysely, Transaction } from 'kysely';
import { GatewayError } from '#gateway/domain/errors.ts';
import { ONE_TIME_ITEMS_MAX, ONE_TIME_PAYLOAD_MAX, type OneTimeStore } from '#gateway/ports/one-time-store.ts';
import { storeCall } from './store-call.ts';
import type { OneTimeItemsTable, RecordsTables } from './tables.ts';

async function put(db: Transaction<RecordsTables>, row: OneTimeItemsTable, nowMs: number, max: number): Promise<void> {
  await db.deleteFrom('one_time_items').where('expires_at_ms', '<=', nowMs).execute();
  const replaced = { payload_json: row.payload_json, expires_at_ms: row.expires_at_ms };
  await db
    .insertInto('one_time_items')
    .values(row)
    .onConflict((conflict) => conflict.columns(['purpose', 'item_key']).doUpdateSet(replaced))
    .execute();
  const { rows } = await db
    .selectFrom('one_time_items')
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  if (rows > max) throw new GatewayError('store.conflict', 'Too many requests are open; try again in a few minutes.');
}

export function createSqlOneTimeStore(
  db: Kysely<RecordsTables>,
  limits: { readonly itemsMax: number } = { itemsMax: ONE_TIME_ITEMS_MAX },
): OneTimeStore {
  return {
    put: ({ purpose, key, payloadJson, expiresAtMs, nowMs }) =>
      storeCall(async () => {
        if (payloadJson.length > ONE_TIME_PAYLOAD_MAX) throw new GatewayError('request.too_large', 'The payload is too long.');
        const row = { purpose, item_key: key, payload_json: payloadJson, expires_at_ms: expiresAtMs };
        await db.transaction().execute((transaction) => put(transaction, row, nowMs, limits.itemsMax));
      }),
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
