import { GatewayError } from '#gateway/domain/errors.ts';
import { PENDING_RECORDS_PAGE_MAX, type PendingRecord, type PendingRecordStore } from '#gateway/ports/pending-record-store.ts';

export function createMemoryPendingRecordStore(): PendingRecordStore {
  const pending = new Map<string, PendingRecord>();

  return {
    add: async (records) => {
      const ids = records.map(({ id }) => id);
      if (new Set(ids).size < ids.length || ids.some((id) => pending.has(id))) {
        throw new GatewayError('store.conflict', 'The record is pending already.');
      }
      for (const record of records) pending.set(record.id, record);
    },
    list: async (limit) => [...pending.values()].slice(0, Math.min(limit, PENDING_RECORDS_PAGE_MAX)),
    remove: async (ids) => ids.forEach((id) => pending.delete(id)),
  };
}
