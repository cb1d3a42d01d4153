import { createMemoryPolicyStore } from '#adapters/memory/policy-store.ts';
import { createSqlPolicyStore } from '#adapters/sql/policy-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { policyStoreContract } from './policy-store.ts';

policyStoreContract('memory', async (limits) => createMemoryPolicyStore(limits));
policyStoreContract('sqlite', async (limits) => createSqlPolicyStore(await openTemporaryRecords(), limits));
