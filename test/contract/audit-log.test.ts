import { createMemoryAuditLog } from '#adapters/memory/audit-log.ts';
import { connectAuditLog } from '#adapters/sqlite/audit/connect-audit-log.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { openTemporaryAuditLog } from '#test/support/audit-log-file.ts';
import { auditLogContract } from './audit-log.ts';

auditLogContract('memory', async () => createMemoryAuditLog({ clock: createSystemClock() }));
auditLogContract('sqlite', async () => (await openTemporaryAuditLog()).log);
auditLogContract('sqlite, through a port of another thread', async () => {
  const { log, file } = await openTemporaryAuditLog();
  return connectAuditLog(log.connect(), file);
});
