import { expect, it } from 'vitest';
import { createMemoryAppStore } from '#adapters/memory/app-store.ts';
import { createSqlAppStore } from '#adapters/sql/app-store.ts';
import { someApp } from '#test/support/oidc/some-app.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { appStoreContract } from './app-store.ts';

appStoreContract('memory', async (limits) => createMemoryAppStore(limits));
appStoreContract('sqlite', async (limits) => createSqlAppStore(await openTemporaryRecords(), limits));

it('says that a row is corrupt rather than make something of it', async () => {
  const db = await openTemporaryRecords();
  const apps = createSqlAppStore(db);
  await apps.add(someApp());
  await db.updateTable('added_apps').set({ app_json: '{"id":"board","redirectUris":"everywhere"}' }).execute();
  await expect(apps.list()).rejects.toMatchObject({ code: 'store.corrupt' });
});
