import { createMemoryDeskDeviceStore } from '#adapters/memory/desk-device-store.ts';
import { createSqlDeskDeviceStore } from '#adapters/sql/desk-device-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { deskDeviceStoreContract } from './desk-device-store.ts';

deskDeviceStoreContract('memory', async (limits) => createMemoryDeskDeviceStore(limits));
deskDeviceStoreContract('sqlite', async (limits) => createSqlDeskDeviceStore(await openTemporaryRecords(), limits));
