import { createMemoryCredentialStore } from '#adapters/memory/credential-store.ts';
import { createSqlCredentialStore } from '#adapters/sql/credential-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { credentialStoreContract } from './credential-store.ts';

credentialStoreContract('memory', async () => createMemoryCredentialStore());
credentialStoreContract('sqlite', async () => createSqlCredentialStore(await openTemporaryRecords()));
