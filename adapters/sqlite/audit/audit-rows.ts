import { z } from 'zod';
import { auditRecordSchema } from '#gateway/domain/audit/record.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { AuditEntry } from '#gateway/ports/audit-log.ts';
import type { SqliteStatement } from '../node-sqlite.ts';

const rowSchema = z.object({
  seq: z.int(),
  arrived_at_ms: z.int(),
  type: z.string(),
  decision_id: z.string().nullable(),
  person_id: z.string().nullable(),
  resource_id: z.string().nullable(),
  record_json: z.string(),
  previous_hash: z.string(),
  hash: z.string(),
});
/** A row of the log as it is stored; the record inside is not read yet. */
export type StoredRow = z.infer<typeof rowSchema>;

export const toStoredRow = (row: unknown): StoredRow => rowSchema.parse(row);

/** The number of the newest entry; 0 = there is none. */
export function headSeqOf(prepare: (sql: string) => SqliteStatement): number {
  return Number(prepare('SELECT max(seq) AS seq FROM audit_entries').get()?.['seq'] ?? 0);
}

/** @throws SyntaxError, z.ZodError */
export const toAuditRecord = (recordJson: string) => auditRecordSchema.parse(JSON.parse(recordJson));

/** @throws store.corrupt */
export function toAuditEntry(row: StoredRow): AuditEntry {
  try {
    const record = toAuditRecord(row.record_json);
    return { seq: row.seq, arrivedAtMs: row.arrived_at_ms, previousHash: row.previous_hash, hash: row.hash, record };
  } catch (error) {
    throw new GatewayError('store.corrupt', `Log entry ${row.seq} cannot be read.`, { cause: error });
  }
}
