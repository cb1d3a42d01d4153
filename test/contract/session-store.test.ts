import { createMemorySessionStore } from '#adapters/memory/session-store.ts';
import { createSqlSessionStore } from '#adapters/sql/session-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { sessionStoreContract } from './session-store.ts';

sessionStoreContract('memory', async () => createMemorySessionStore());
sessionStoreContract('sqlite', async () => createSqlSessionStore(await openTemporaryRecords()));
