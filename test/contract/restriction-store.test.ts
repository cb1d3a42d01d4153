import { createMemoryPeopleStore } from '#adapters/memory/people-store.ts';
import { createMemoryRestrictionStore } from '#adapters/memory/restriction-store.ts';
import { createSqlPeopleStore } from '#adapters/sql/people-store.ts';
import { createSqlRestrictionStore } from '#adapters/sql/restriction-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { restrictionStoreContract } from './restriction-store.ts';

restrictionStoreContract('memory', async () => {
  const people = createMemoryPeopleStore();
  return { people, restrictions: createMemoryRestrictionStore(people) };
});
restrictionStoreContract('sqlite', async () => {
  const db = await openTemporaryRecords();
  return { people: createSqlPeopleStore(db), restrictions: createSqlRestrictionStore(db) };
});
