import { createMemoryPendingRecordStore } from '#adapters/memory/pending-record-store.ts';
import { createSqlPendingRecordStore } from '#adapters/sql/pending-record-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { pendingRecordStoreContract } from './pending-record-store.ts';

pendingRecordStoreContract('memory', async () => createMemoryPendingRecordStore());
pendingRecordStoreContract('sqlite', async () => createSqlPendingRecordStore(await openTemporaryRecords()));
