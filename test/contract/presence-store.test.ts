import { createMemoryPresenceStore } from '#adapters/memory/presence-store.ts';
import { createSqlPresenceStore } from '#adapters/sql/presence-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { presenceStoreContract } from './presence-store.ts';

presenceStoreContract('memory', async () => createMemoryPresenceStore());
presenceStoreContract('sqlite', async () => createSqlPresenceStore(await openTemporaryRecords()));
