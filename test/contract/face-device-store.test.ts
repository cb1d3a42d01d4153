import { createMemoryFaceDeviceStore } from '#adapters/memory/face-device-store.ts';
import { createSqlFaceDeviceStore } from '#adapters/sql/face-device-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { faceDeviceStoreContract } from './face-device-store.ts';

faceDeviceStoreContract('memory', async (limits) => createMemoryFaceDeviceStore(limits));
faceDeviceStoreContract('sqlite', async (limits) => createSqlFaceDeviceStore(await openTemporaryRecords(), limits));
