import { expect, it } from 'vitest';
import { createGrantRows, createMemoryGrantStore } from '#adapters/memory/grant-store.ts';
import { createMemoryPolicyDataStore } from '#adapters/memory/policy-data-store.ts';
import { createSqlGrantStore } from '#adapters/sql/grant-store.ts';
import { createSqlPolicyDataStore } from '#adapters/sql/policy-data-store.ts';
import { pack } from '#adapters/sql/policy-rows.ts';
import { EMPTY_DOCUMENT } from '#gateway/domain/policy/data/items.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { policyDataStoreContract, someDataVersion } from './policy-data-store.ts';

policyDataStoreContract('memory', async (limits) => {
  const rows = createGrantRows();
  return { store: createMemoryPolicyDataStore(rows, limits), grants: createMemoryGrantStore(undefined, rows) };
});
policyDataStoreContract('sqlite', async (limits) => {
  const db = await openTemporaryRecords();
  return { store: createSqlPolicyDataStore(db, limits), grants: createSqlGrantStore(db) };
});

it('sqlite: does not use a part that somebody has changed in the file', async () => {
  const db = await openTemporaryRecords();
  const store = createSqlPolicyDataStore(db);
  const document = { ...EMPTY_DOCUMENT, threats: { global: { level: 3, untilMs: null, note: '' } } };
  await store.commit({ from: await store.current(), document, entry: someDataVersion(1) });
  expect((await store.current()).document.threats).toEqual(document.threats);
  const lowered = await pack(JSON.stringify({ global: { level: 0, untilMs: null, note: '' } }));
  const { hash } = await db.selectFrom('data_version_refs').select('hash').where('section', '=', 'threats').executeTakeFirstOrThrow();
  await db.updateTable('data_version_parts').set({ body: lowered }).where('hash', '=', hash).execute();
  await expect(store.current()).rejects.toMatchObject({ code: 'store.corrupt' });
  await expect(store.at(1)).rejects.toMatchObject({ code: 'store.corrupt' });
});
