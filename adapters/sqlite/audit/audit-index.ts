import type { SqliteDatabase } from '../node-sqlite.ts';
import { headSeqOf } from './audit-rows.ts';

/*
 * By what entries are looked up. The index is written behind: an entry is found by a walk over the newest ones until INDEX_EVERY of them
 * wait, and they are indexed together by the commit that makes them so many. Indexed with each group, four entries touch some twelve pages
 * more that must reach the disk before the acknowledgement: such a group takes 400 us and 57 us of CPU an entry, and 205 and 30 this way.
 */

/** Entries that may wait for the index. A look-up walks over them: that of a new decision takes 37 us in all. */
export const INDEX_EVERY = 64;

/** Entries that are indexed in one transaction where many wait: after an update from a release that kept no such index. */
const CATCH_UP_ENTRIES = 16_384;

/** The first version of the log's tables that has this index. */
const FIRST_INDEXED_VERSION = 2;

/** Entries of one bucket, as a power of two. */
const BUCKET_BITS = 10;
/** Where an entry of this kind is looked up, in SQL. */
const bucketOf = (stored: number, seq: string): string => (stored === INDEX_KINDS.type ? String(TYPES_BUCKET) : `${seq} >> ${BUCKET_BITS}`);

/**
 * The bucket of an entry. Ids are looked up bucket by bucket: over all entries alike, 64 new ones would be spread
 * over 64 pages, where inside a bucket they meet on a few. A look-up pays for it with some 18 us a bucket, newest first.
 */
export const toBucket = (seq: number): number => Math.floor(seq / 2 ** BUCKET_BITS);

/** Of types there are few: theirs are not in buckets. */
export const TYPES_BUCKET = 0;

/** As stored: never another number for the same. */
export const INDEX_KINDS = { type: 0, decision: 1, person: 2, resource: 3 } as const;
export type IndexKind = keyof typeof INDEX_KINDS;

/** The columns of `audit_entries` that the kinds stand for. */
export const INDEXED_COLUMNS = {
  type: 'type',
  decision: 'decision_id',
  person: 'person_id',
  resource: 'resource_id',
} as const satisfies Readonly<Record<IndexKind, string>>;

const KINDS = Object.entries(INDEX_KINDS).map(([kind, stored]) => ({ stored, column: INDEXED_COLUMNS[kind as IndexKind] }));

export const INDEX_TABLES = `
  CREATE TABLE audit_index (
    kind INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (kind, bucket, id, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE audit_indexed (until_seq INTEGER NOT NULL) STRICT;
  INSERT INTO audit_indexed (until_seq) VALUES (0);
  CREATE TRIGGER audit_index_no_update BEFORE UPDATE ON audit_index BEGIN SELECT RAISE(ABORT, 'append-only'); END;
  CREATE TRIGGER audit_index_no_delete BEFORE DELETE ON audit_index BEGIN SELECT RAISE(ABORT, 'append-only'); END;
`;

export const SELECT_INDEXED_UNTIL = 'SELECT until_seq FROM audit_indexed';

/** Of the row that this gives. @throws TypeError without it nothing could be found, and nothing would say so. */
export function toUntilSeq(row: Readonly<Record<string, unknown>> | undefined): number {
  const untilSeq = row?.['until_seq'];
  if (typeof untilSeq !== 'number') throw new TypeError('the log does not say until where it is indexed');
  return untilSeq;
}

export interface AuditIndexWriter {
  /** The last entry that is indexed, by what is committed. */
  readonly untilSeq: () => number;
  /** In the caller's transaction. Returns until where is indexed when it is committed. */
  readonly keepUp: (untilSeq: number, headSeq: number) => number;
}

export function createAuditIndexWriter(database: SqliteDatabase): AuditIndexWriter {
  const select = database.prepare(SELECT_INDEXED_UNTIL);
  const update = database.prepare('UPDATE audit_indexed SET until_seq = ?');
  const inserts = KINDS.map(({ stored, column }) =>
    database.prepare(
      `INSERT INTO audit_index (kind, bucket, id, seq) SELECT ${stored}, ${bucketOf(stored, 'seq')}, ${column}, seq FROM audit_entries` +
        ` WHERE seq > ? AND seq <= ? AND ${column} IS NOT NULL ORDER BY 2, 3, 4`,
    ),
  );
  return {
    untilSeq: () => toUntilSeq(select.get()),
    keepUp: (untilSeq, headSeq) => {
      if (headSeq - untilSeq < INDEX_EVERY) return untilSeq;
      for (const insert of inserts) insert.run(untilSeq, headSeq);
      update.run(headSeq);
      return headSeq;
    },
  };
}

/** Indexes whatever waits: what ended in the middle goes on from there with the next start. */
export function catchUpWithIndex(database: SqliteDatabase): void {
  const index = createAuditIndexWriter(database);
  const headSeq = headSeqOf((sql) => database.prepare(sql));
  for (let untilSeq = index.untilSeq(); headSeq - untilSeq >= INDEX_EVERY;) {
    database.exec('BEGIN IMMEDIATE');
    untilSeq = index.keepUp(untilSeq, Math.min(headSeq, untilSeq + CATCH_UP_ENTRIES));
    database.exec('COMMIT');
  }
}

/**
 * The first entry of a stretch that should be in the index and is not in all of its places: look-ups would not find it. Null = there is none.
 * Throws Error where the index should be and is not.
 */
export function createIndexCheck(database: SqliteDatabase): (afterSeq: number, lastSeq: number) => number | null {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version < FIRST_INDEXED_VERSION) return () => null;
  const missing = KINDS.map(
    ({ stored, column }) =>
      `SELECT seq FROM audit_entries AS entry WHERE seq > :after AND seq <= :last AND ${column} IS NOT NULL AND NOT EXISTS (` +
      `SELECT 1 FROM audit_index WHERE kind = ${stored} AND bucket = ${bucketOf(stored, 'entry.seq')} AND id = ${column} AND seq = entry.seq)`,
  );
  const select = database.prepare(`SELECT min(seq) AS seq FROM (${missing.join(' UNION ALL ')})`);
  const until = database.prepare(SELECT_INDEXED_UNTIL);
  return (afterSeq, lastSeq) => {
    const last = Math.min(lastSeq, toUntilSeq(until.get()));
    const seq = select.get({ after: afterSeq, last })?.['seq'];
    return typeof seq === 'number' ? seq : null;
  };
}
