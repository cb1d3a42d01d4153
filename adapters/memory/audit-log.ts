import { chainHash, GENESIS_HASH } from '#gateway/domain/audit/hash-chain.ts';
import { auditRecordSchema, type AuditRecord } from '#gateway/domain/audit/record.ts';
import { relatedIds } from '#gateway/domain/audit/related-ids.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import { AUDIT_READ_MAX, AUDIT_RECORD_BYTES_MAX, type AuditEntry, type AuditLog, type AuditReader } from '#gateway/ports/audit-log.ts';
import type { Clock } from '#gateway/ports/clock.ts';
import { matchesQuery } from './audit-query.ts';

export interface MemoryAuditLog extends AuditLog, AuditReader {
  /** From now on every append fails with `audit.unavailable`, as on a full disk. For tests of what fails closed. */
  breakDown(): void;
}

/** Nothing is durable here, so every append is acknowledged at once and nothing is ever in flight. */
export function createMemoryAuditLog(deps: { readonly clock: Clock }): MemoryAuditLog {
  const entries: AuditEntry[] = [];
  const listeners = new Set<(entry: AuditEntry) => void>();
  let isUsable = true;

  function append(record: AuditRecord, recordJson = JSON.stringify(record)): AuditEntry {
    if (!isUsable) throw new GatewayError('audit.unavailable', 'The log cannot be written.');
    if (Buffer.byteLength(recordJson) > AUDIT_RECORD_BYTES_MAX) {
      throw new GatewayError('audit.entry_too_large', 'The log entry is too long.');
    }
    const link = {
      previousHash: entries.at(-1)?.hash ?? GENESIS_HASH,
      seq: entries.length + 1,
      arrivedAtMs: deps.clock.nowMs(),
      recordJson,
    };
    // Read back through the schema, so that a record which the durable log could not read fails in a unit test already.
    const stored = auditRecordSchema.parse(JSON.parse(recordJson));
    const entry = { seq: link.seq, arrivedAtMs: link.arrivedAtMs, previousHash: link.previousHash, hash: chainHash(link), record: stored };
    entries.push(entry);
    return entry;
  }

  return {
    append: async (record, recordJson) => {
      const entry = append(record, recordJson);
      // Two microtasks later, so that whoever awaits the receipt runs before the subscribers do.
      queueMicrotask(() => queueMicrotask(() => listeners.forEach((listener) => listener(entry))));
      return { seq: entry.seq, hash: entry.hash };
    },
    subscribe: (listener) => {
      // Its own function each time: two subscriptions of one listener end one by one.
      const subscription = (entry: AuditEntry): void => listener(entry);
      listeners.add(subscription);
      return () => listeners.delete(subscription);
    },
    isWritable: () => isUsable,
    close: async () => {
      isUsable = false;
    },
    read: async (query) => {
      const inOrder = 'afterSeq' in query.from ? entries : entries.toReversed();
      return inOrder.filter((entry) => matchesQuery(entry, query)).slice(0, Math.min(query.limit, AUDIT_READ_MAX));
    },
    ofDecision: async (decisionId) => {
      const related = entries.filter((entry) => relatedIds(entry.record).decisionId === decisionId);
      return [
        ...related.filter((entry) => entry.record.type === 'decision'),
        ...related.filter((entry) => entry.record.type !== 'decision'),
      ];
    },
    headSeq: async () => entries.length,
    // What cannot be tampered with needs no walk: there are no stored bytes beside the entries.
    verify: async () => ({ ok: true, entries: entries.length, headSeq: entries.length, headHash: entries.at(-1)?.hash ?? GENESIS_HASH }),
    breakDown: () => {
      isUsable = false;
    },
  };
}
