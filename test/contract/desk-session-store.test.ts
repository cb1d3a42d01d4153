import { createMemoryDeskSessionStore } from '#adapters/memory/desk-session-store.ts';
import { createSqlDeskSessionStore } from '#adapters/sql/desk-session-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { deskSessionStoreContract } from './desk-session-store.ts';

deskSessionStoreContract('memory', async () => createMemoryDeskSessionStore());
deskSessionStoreContract('sqlite', async () => createSqlDeskSessionStore(await openTemporaryRecords()));
