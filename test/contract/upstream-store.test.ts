import { createMemoryUpstreamStore } from '#adapters/memory/upstream-store.ts';
import { createSqlUpstreamStore } from '#adapters/sql/upstream-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { upstreamStoreContract } from './upstream-store.ts';

upstreamStoreContract('memory', async () => createMemoryUpstreamStore());
upstreamStoreContract('sqlite', async () => createSqlUpstreamStore(await openTemporaryRecords()));
