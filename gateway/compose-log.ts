import { openAuditLog, type OpenedAuditLog } from '#adapters/sqlite/audit/open-audit-log.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { checkLogHead, keepLogHead } from './app/audit/log-head.ts';
import { dataFiles, type Records } from './compose-records.ts';
import type { ComposeOptions } from './compose-options.ts';

/** Opens the log. One that ended before its kept head was deleted or replaced: an alarm, and where people are is not known any more. */
export async function openLog({ config, log }: Pick<ComposeOptions, 'config' | 'log'>, records: Records): Promise<OpenedAuditLog> {
  const audit = await openAuditLog({
    file: dataFiles(config.dataDir).audit,
    // Every ingress is denied from then on and /readyz fails. The process stays all the same: it releases doors for those who leave.
    onFailure: (failure) => log.error('audit.unavailable', {}, failure),
  });
  if ((await checkLogHead({ log: audit, secrets: records.secrets })) === 'whole') return audit;
  log.error('audit.rolled_back');
  await records.presences.clear();
  const occurredAtMs = createSystemClock().nowMs();
  await audit.append({ type: 'alarm', occurredAtMs, code: 'audit.rolled_back', sourceType: 'audit', sourceId: 'log', active: true });
  await keepLogHead({ log: audit, secrets: records.secrets });
  return audit;
}
