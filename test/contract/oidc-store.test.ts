import { createMemoryOidcStore } from '#adapters/memory/oidc-store.ts';
import { createSqlOidcStore } from '#adapters/sql/oidc-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { oidcStoreContract } from './oidc-store.ts';

oidcStoreContract('memory', async () => createMemoryOidcStore());
oidcStoreContract('sqlite', async () => createSqlOidcStore(await openTemporaryRecords()));
