import { createMemoryOneTimeStore } from '#adapters/memory/one-time-store.ts';
import { createSqlOneTimeStore } from '#adapters/sql/one-time-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { oneTimeStoreContract } from './one-time-store.ts';

oneTimeStoreContract('memory', async (limits) => createMemoryOneTimeStore(limits));
oneTimeStoreContract('sqlite', async (limits) => createSqlOneTimeStore(await openTemporaryRecords(), limits));
