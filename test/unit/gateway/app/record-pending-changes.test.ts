import { describe, expect, it } from 'vitest';
import { createMemoryPendingRecordStore } from '#adapters/memory/pending-record-store.ts';
import { recordPendingChanges } from '#gateway/app/people/record-pending-changes.ts';
import type { AuditRecord } from '#gateway/domain/audit/record.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import { PENDING_RECORDS_PAGE_MAX } from '#gateway/ports/pending-record-store.ts';

const record = (detail: string): AuditRecord => ({ type: 'system', occurredAtMs: 1, event: 'configuration_imported', detail });

async function prepare(count: number) {
  const pendingRecords = createMemoryPendingRecordStore();
  await pendingRecords.add(Array.from({ length: count }, (_, i) => ({ id: `chg_${i}`, record: record(String(i)) })));
  const log: AuditRecord[] = [];
  const append = (appended: AuditRecord) => Promise.resolve({ seq: log.push(appended), hash: '' });
  return { pendingRecords, log, append };
}

describe('taking pending records over into the log', () => {
  it('takes all of them, once and in order, however many pages they fill', async () => {
    const { pendingRecords, log, append } = await prepare(PENDING_RECORDS_PAGE_MAX + 1);
    await recordPendingChanges({ pendingRecords, audit: { append } });
    await recordPendingChanges({ pendingRecords, audit: { append } });
    expect(log).toEqual(Array.from({ length: PENDING_RECORDS_PAGE_MAX + 1 }, (_, i) => record(String(i))));
  });

  it('keeps what the log did not take, and takes it the next time', async () => {
    const { pendingRecords, log, append } = await prepare(2);
    const failing = { append: () => Promise.reject(new GatewayError('audit.unavailable', 'full')) };
    await expect(recordPendingChanges({ pendingRecords, audit: failing })).rejects.toMatchObject({ code: 'audit.unavailable' });
    await recordPendingChanges({ pendingRecords, audit: { append } });
    expect(log).toHaveLength(2);
  });
});
