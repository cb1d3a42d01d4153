import type { Kysely } from 'kysely';
import { z } from 'zod';
import { ADDED_APPS_MAX, addedAppSchema, type AddedApp } from '#gateway/domain/apps/added-app.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { AppStore } from '#gateway/ports/app-store.ts';
import { jsonField } from './row-fields.ts';
import { storeCall } from './store-call.ts';
import type { RecordsTables } from './tables.ts';

const rowSchema = z.object({ app_json: jsonField(addedAppSchema) });

const toApp = (row: { readonly app_json: string }): AddedApp => rowSchema.parse(row).app_json;

export function createSqlAppStore(db: Kysely<RecordsTables>, limits = { appsMax: ADDED_APPS_MAX }): AppStore {
  const all = db.selectFrom('added_apps').select('app_json');
  const taken = 'This app is there already, or there are too many.';
  return {
    add: (app) =>
      storeCall(
        () =>
          db.transaction().execute(async (transaction) => {
            const { id, clientId: client_id, version, createdAtMs: created_at_ms } = app;
            await transaction
              .insertInto('added_apps')
              .values({ id, client_id, version, created_at_ms, app_json: JSON.stringify(app) })
              .execute();
            const { rows } = await transaction
              .selectFrom('added_apps')
              .select((eb) => eb.fn.countAll<number>().as('rows'))
              .executeTakeFirstOrThrow();
            if (rows > limits.appsMax) throw new GatewayError('store.conflict', taken);
          }),
        { unique: taken },
      ),
    list: () => storeCall(async () => (await all.orderBy('created_at_ms').orderBy('id').execute()).map(toApp)),
    find: (id) =>
      storeCall(async () => {
        const row = await all.where('id', '=', id).executeTakeFirst();
        return row === undefined ? null : toApp(row);
      }),
    replace: (app) =>
      storeCall(async () => {
        const result = await db
          .updateTable('added_apps')
          .set({ version: app.version, app_json: JSON.stringify(app) })
          .where('id', '=', app.id)
          .where('version', '=', app.version - 1)
          .executeTakeFirst();
        return result.numUpdatedRows === 1n;
      }),
    remove: (id) =>
      storeCall(async () => {
        const result = await db.deleteFrom('added_apps').where('id', '=', id).executeTakeFirst();
        return result.numDeletedRows === 1n;
      }),
  };
}
