import { createMemoryVpnSessionStore } from '#adapters/memory/vpn-session-store.ts';
import { createSqlVpnSessionStore } from '#adapters/sql/vpn-session-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { vpnSessionStoreContract } from './vpn-session-store.ts';

vpnSessionStoreContract('memory', async () => createMemoryVpnSessionStore());
vpnSessionStoreContract('sqlite', async () => createSqlVpnSessionStore(await openTemporaryRecords()));
