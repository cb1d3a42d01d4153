import { createMemoryGrantStore } from '#adapters/memory/grant-store.ts';
import { createSqlGrantStore } from '#adapters/sql/grant-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { grantStoreContract } from './grant-store.ts';

grantStoreContract('memory', async (limits) => createMemoryGrantStore(limits));
grantStoreContract('sqlite', async (limits) => createSqlGrantStore(await openTemporaryRecords(), limits));
