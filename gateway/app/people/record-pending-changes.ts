import type { AuditRecord } from '../../domain/audit/record.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import { PENDING_RECORDS_PAGE_MAX, type PendingRecordStore } from '../../ports/pending-record-store.ts';

interface RecordPendingChangesDeps {
  readonly pendingRecords: Pick<PendingRecordStore, 'list' | 'remove'>;
  readonly audit: Pick<AuditLog, 'append'>;
  /** Hears of each that is durable in the log. */
  readonly onRecorded?: (record: AuditRecord) => void;
}

/**
 * Takes what tools left at the store over into the log, in their order. A record leaves the store when it is durable in the log, so one
 * that was taken over as the gateway died comes again, under the same change id. @throws audit.unavailable, store.unavailable
 */
export async function recordPendingChanges({ pendingRecords, audit, onRecorded }: RecordPendingChangesDeps): Promise<void> {
  for (;;) {
    const page = await pendingRecords.list(PENDING_RECORDS_PAGE_MAX);
    if (page.length === 0) return;
    await Promise.all(page.map(({ record }) => audit.append(record)));
    for (const { record } of page) onRecorded?.(record);
    await pendingRecords.remove(page.map(({ id }) => id));
  }
}
