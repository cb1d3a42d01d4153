import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createMemoryOidcStore } from '#adapters/memory/oidc-store.ts';
import { createSqlOidcStore } from '#adapters/sql/oidc-store.ts';
import { openOidcWriter } from '#adapters/sqlite/oidc/open-oidc-writer.ts';
import { openRecordsFile, openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { oidcStoreContract } from './oidc-store.ts';

oidcStoreContract('memory', async () => createMemoryOidcStore());
oidcStoreContract('sqlite', async () => createSqlOidcStore(await openTemporaryRecords()));
oidcStoreContract('sqlite with a writing thread', async () => {
  const file = join(await temporaryFolder(), 'records.db');
  const db = await openRecordsFile(file);
  const store = await openOidcWriter({ file, reads: createSqlOidcStore(db) });
  onTestFinished(async () => {
    await store.close();
    await db.destroy();
  });
  return store;
});
