import type { AuditRecord } from '../domain/audit/record.ts';

/** Most records one page returns. */
export const PENDING_RECORDS_PAGE_MAX = 500;

export interface PendingRecord {
  /** The same in the log, where a record that was taken over twice shows by it. */
  readonly id: string;
  readonly record: AuditRecord;
}

/** Records of what was done at the store while nobody may write the log: the gateway, its only writer, takes them over. */
export interface PendingRecordStore {
  /** Durable, all or none. @throws store.conflict an id is there already. */
  add(records: readonly PendingRecord[]): Promise<void>;
  /** The oldest, in the order in which they were added. `limit` is at most PENDING_RECORDS_PAGE_MAX. */
  list(limit: number): Promise<readonly PendingRecord[]>;
  /** Ids that are not there are passed over. */
  remove(ids: readonly string[]): Promise<void>;
}
