import { createMemoryCredentialStore } from '#adapters/memory/credential-store.ts';
import { createMemoryHoldingsStore } from '#adapters/memory/holdings-store.ts';
import { createMemoryPeopleStore } from '#adapters/memory/people-store.ts';
import { createMemoryPresenceStore } from '#adapters/memory/presence-store.ts';
import { createSqlCredentialStore } from '#adapters/sql/credential-store.ts';
import { createSqlHoldingsStore } from '#adapters/sql/holdings-store.ts';
import { createSqlPeopleStore } from '#adapters/sql/people-store.ts';
import { createSqlPresenceStore } from '#adapters/sql/presence-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { holdingsStoreContract } from './holdings-store.ts';

holdingsStoreContract('memory', async () => {
  const stores = {
    people: createMemoryPeopleStore(),
    credentials: createMemoryCredentialStore(),
    presences: createMemoryPresenceStore(),
  };
  return { ...stores, holdings: createMemoryHoldingsStore(stores) };
});

holdingsStoreContract('sqlite', async () => {
  const db = await openTemporaryRecords();
  return {
    people: createSqlPeopleStore(db),
    credentials: createSqlCredentialStore(db),
    presences: createSqlPresenceStore(db),
    holdings: createSqlHoldingsStore(db),
  };
});
