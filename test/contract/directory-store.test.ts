import { createMemoryDirectoryStore } from '#adapters/memory/directory-store.ts';
import { createMemoryPeopleStore } from '#adapters/memory/people-store.ts';
import { createSqlDirectoryStore } from '#adapters/sql/directory-store.ts';
import { createSqlPeopleStore } from '#adapters/sql/people-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { directoryStoreContract } from './directory-store.ts';

directoryStoreContract('memory', async (groupsMax) => {
  const people = createMemoryPeopleStore();
  return { people, store: createMemoryDirectoryStore(people, groupsMax) };
});
directoryStoreContract('sqlite', async (groupsMax) => {
  const db = await openTemporaryRecords();
  return { people: createSqlPeopleStore(db), store: createSqlDirectoryStore(db, groupsMax) };
});
