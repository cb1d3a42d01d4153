import { createMemoryFaceTemplateStore } from '#adapters/memory/face-template-store.ts';
import { createSqlFaceTemplateStore } from '#adapters/sql/face-template-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { faceTemplateStoreContract } from './face-template-store.ts';

faceTemplateStoreContract('memory', async (limits) => createMemoryFaceTemplateStore(limits));
faceTemplateStoreContract('sqlite', async (limits) => createSqlFaceTemplateStore(await openTemporaryRecords(), limits));
