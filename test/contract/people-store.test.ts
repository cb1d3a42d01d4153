import { createMemoryPeopleStore } from '#adapters/memory/people-store.ts';
import { createSqlPeopleStore } from '#adapters/sql/people-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { peopleStoreContract } from './people-store.ts';

peopleStoreContract('memory', async () => createMemoryPeopleStore());
peopleStoreContract('sqlite', async () => createSqlPeopleStore(await openTemporaryRecords()));
