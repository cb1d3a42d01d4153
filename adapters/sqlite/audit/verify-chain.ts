import { setImmediate as nextTurn } from 'node:timers/promises';
import { chainHash, GENESIS_HASH } from '#gateway/domain/audit/hash-chain.ts';
import { relatedIds } from '#gateway/domain/audit/related-ids.ts';
import type { ChainVerdict } from '#gateway/ports/audit-log.ts';
import type { SqliteDatabase } from '../node-sqlite.ts';
import { createIndexCheck } from './audit-index.ts';
import { headSeqOf, toAuditRecord, toStoredRow, type StoredRow } from './audit-rows.ts';

/** Entries checked in one turn: the thread that verifies goes on serving in between, and the writer's file is not held. */
const PAGE_ENTRIES = 100;

type Break = Extract<ChainVerdict, { ok: false }>['cause'];
interface Head {
  readonly seq: number;
  readonly hash: string;
}

function isReadable(row: StoredRow): boolean {
  try {
    const record = toAuditRecord(row.record_json);
    const ids = relatedIds(record);
    // The columns are not chained: one that contradicts its record would hide the entry from look-ups.
    const areIdsOfRecord = ids.decisionId === row.decision_id && ids.personId === row.person_id && ids.resourceId === row.resource_id;
    return areIdsOfRecord && record.type === row.type;
  } catch {
    // Not JSON, or not a record: the verdict names the entry.
    return false;
  }
}

function breakOf(head: Head, row: StoredRow): Break | null {
  if (row.seq !== head.seq + 1) return 'sequence_gap';
  if (row.previous_hash !== head.hash) return 'previous_hash_mismatch';
  const link = { previousHash: row.previous_hash, seq: row.seq, arrivedAtMs: row.arrived_at_ms, recordJson: row.record_json };
  if (row.hash !== chainHash(link)) return 'hash_mismatch';
  return isReadable(row) ? null : 'record_unreadable';
}

/** The last entry of a page that is whole, and what is wrong with the next. */
interface CheckedPage {
  readonly head: Head;
  readonly cause: Break | null;
}

/** Walks on from `head` over one page: the head after it, or the first break. */
function checkPage(database: SqliteDatabase, head: Head, lastSeq: number): CheckedPage {
  let current = head;
  try {
    const rows = database
      .prepare('SELECT * FROM audit_entries WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?')
      .iterate(head.seq, lastSeq, PAGE_ENTRIES);
    for (const stored of rows) {
      const row = toStoredRow(stored);
      const cause = breakOf(current, row);
      if (cause !== null) return { head: current, cause };
      current = { seq: row.seq, hash: row.hash };
    }
    return { head: current, cause: null };
  } catch {
    // The file is damaged there, or the row has no such shape: the rows before it were good.
    return { head: current, cause: 'record_unreadable' };
  }
}

/** The first entry between two heads that look-ups do not find; null where they find all. */
function firstNotFound(firstNotIndexed: ReturnType<typeof createIndexCheck>, from: Head, page: CheckedPage): number | null {
  try {
    return firstNotIndexed(from.seq, page.head.seq);
  } catch {
    // The page ends where the file is damaged; or the index is damaged, or does not say until where it reaches: nothing is found by it.
    return page.cause === null ? from.seq + 1 : null;
  }
}

/**
 * Recomputes the chain from its beginning to the head of when it started, and names the first entry that breaks it: for a gap the first
 * missing one. That entries were cut off at the end, it cannot see: only a head that was kept elsewhere can.
 */
export async function verifyChain(database: SqliteDatabase): Promise<ChainVerdict> {
  const lastSeq = headSeqOf((sql) => database.prepare(sql));
  const firstNotIndexed = createIndexCheck(database);
  let head: Head = { seq: 0, hash: GENESIS_HASH };
  while (head.seq < lastSeq) {
    const page = checkPage(database, head, lastSeq);
    const seq = firstNotFound(firstNotIndexed, head, page);
    if (seq !== null) return { ok: false, brokenSeq: seq, cause: 'not_indexed', entriesBefore: seq - 1 };
    head = page.head;
    if (page.cause !== null) return { ok: false, brokenSeq: head.seq + 1, cause: page.cause, entriesBefore: head.seq };
    await nextTurn();
  }
  return { ok: true, entries: head.seq, headSeq: head.seq, headHash: head.hash };
}
