import { createGrantRows, createMemoryGrantStore } from '#adapters/memory/grant-store.ts';
import { createMemoryPolicyDataStore } from '#adapters/memory/policy-data-store.ts';
import { createSqlGrantStore } from '#adapters/sql/grant-store.ts';
import { createSqlPolicyDataStore } from '#adapters/sql/policy-data-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { policyDataStoreContract } from './policy-data-store.ts';

policyDataStoreContract('memory', async (limits) => {
  const rows = createGrantRows();
  return { store: createMemoryPolicyDataStore(rows, limits), grants: createMemoryGrantStore(undefined, rows) };
});
policyDataStoreContract('sqlite', async (limits) => {
  const db = await openTemporaryRecords();
  return { store: createSqlPolicyDataStore(db, limits), grants: createSqlGrantStore(db) };
});
