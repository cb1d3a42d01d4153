import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openAuditLog, type OpenedAuditLog } from '#adapters/sqlite/audit/open-audit-log.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface TemporaryAuditLog {
  readonly log: OpenedAuditLog;
  readonly file: string;
}

/** A log of the running test, closed when the test ends. */
export async function openTemporaryAuditLog(
  options: { readonly pagesMax?: number; readonly onFailure?: () => void } = {},
): Promise<TemporaryAuditLog> {
  const file = join(await temporaryFolder(), 'audit.db');
  const log = await openAuditLog({ file, ...options });
  onTestFinished(() => log.close());
  return { log, file };
}
