import { chainHash, GENESIS_HASH } from '#gateway/domain/audit/hash-chain.ts';
import type { SqliteDatabase } from '../node-sqlite.ts';
import { createAuditIndexWriter } from './audit-index.ts';
import { numberOf } from './audit-tables.ts';

export interface AuditRow {
  readonly recordJson: string;
  readonly type: string;
  readonly decisionId: string | null;
  readonly personId: string | null;
  readonly resourceId: string | null;
}

export interface CommittedGroup {
  readonly firstSeq: number;
  readonly arrivedAtMs: number;
  readonly previousHash: string;
  readonly hashes: readonly string[];
}

export interface AuditWriter {
  /** Appends the rows in one durable transaction: all are stored, or none and it throws what SQLite threw. */
  readonly commit: (rows: readonly AuditRow[], arrivedAtMs: number) => CommittedGroup;
  /** Copies the write-ahead log into the file if it is that long. What is committed is durable without it. Never throws. */
  readonly copyFrom: (lengthBytes: number) => void;
}

function readHead(database: SqliteDatabase): { seq: number; hash: string } {
  const row = database.prepare('SELECT seq, hash FROM audit_entries ORDER BY seq DESC LIMIT 1').get();
  if (row === undefined) return { seq: 0, hash: GENESIS_HASH };
  return { seq: Number(row['seq']), hash: String(row['hash']) };
}

/** The one writer of a log. It keeps the head of the chain, so nobody else may write the file meanwhile. */
export function createAuditWriter(database: SqliteDatabase): AuditWriter {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const measure = database.prepare('PRAGMA wal_checkpoint(NOOP)');
  const copy = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  const pageBytes = numberOf(database, 'page_size');
  const insert = database.prepare(
    'INSERT INTO audit_entries (seq, arrived_at_ms, type, decision_id, person_id, resource_id, record_json, previous_hash, hash)' +
      ' VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const index = createAuditIndexWriter(database);
  let head = readHead(database);
  let indexedUntilSeq = index.untilSeq();

  function insertAll(rows: readonly AuditRow[], arrivedAtMs: number): string[] {
    const hashes: string[] = [];
    let { seq, hash: previousHash } = head;
    for (const { recordJson, type, decisionId, personId, resourceId } of rows) {
      seq += 1;
      const hash = chainHash({ previousHash, seq, arrivedAtMs, recordJson });
      insert.run(seq, arrivedAtMs, type, decisionId, personId, resourceId, recordJson, previousHash, hash);
      hashes.push(hash);
      previousHash = hash;
    }
    return hashes;
  }

  return {
    commit: (rows, arrivedAtMs) => {
      const before = head;
      begin.run();
      try {
        const hashes = insertAll(rows, arrivedAtMs);
        const headSeq = before.seq + rows.length;
        const untilSeq = index.keepUp(indexedUntilSeq, headSeq);
        commit.run();
        indexedUntilSeq = untilSeq;
        head = { seq: headSeq, hash: hashes.at(-1) ?? before.hash };
        return { firstSeq: before.seq + 1, arrivedAtMs, previousHash: before.hash, hashes };
      } catch (error) {
        // A full disk may have rolled back already.
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    copyFrom: (lengthBytes) => {
      try {
        const { log, checkpointed } = measure.get() ?? {};
        if ((Number(log) - Number(checkpointed)) * pageBytes >= lengthBytes) copy.get();
      } catch {
        // As in SQLite's own copying: everything stays in the write-ahead log, and a commit that finds no room for more says so.
      }
    },
  };
}
