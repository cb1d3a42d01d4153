import { GatewayError } from '#gateway/domain/errors.ts';
import type { SqliteDatabase } from '../node-sqlite.ts';
import { catchUpWithIndex, INDEX_TABLES } from './audit-index.ts';

const SCHEMA_VERSION = 2;

/**
 * `record_json` is what is chained; the columns beside it are taken from it for look-ups.
 *
 * The triggers stop mistakes, not attackers: those the chain finds.
 */
const TABLES = `
  CREATE TABLE audit_entries (
    seq INTEGER PRIMARY KEY,
    arrived_at_ms INTEGER NOT NULL,
    type TEXT NOT NULL,
    decision_id TEXT,
    person_id TEXT,
    resource_id TEXT,
    record_json TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries BEGIN SELECT RAISE(ABORT, 'append-only'); END;
  CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, 'append-only'); END;
  ${INDEX_TABLES}
`;

/** By version, what makes the tables of the next. Version 1 kept indexes of the database, and a column that only they used. */
const MIGRATIONS: readonly string[] = [
  TABLES,
  `
  DROP INDEX audit_entries_by_type;
  DROP INDEX audit_entries_by_decision;
  DROP INDEX audit_entries_by_person;
  DROP INDEX audit_entries_by_resource;
  ${INDEX_TABLES}
  `,
];

/**
 * Of a new log. A decision is 2.4 KB: a page of 4 KiB holds one and stays almost half empty, one of 8 holds three. The file is a third
 * smaller, and a group of 8 costs a seventh less CPU; an entry alone costs a twentieth more.
 */
export const AUDIT_PAGE_BYTES = 8_192;

/**
 * Length of the write-ahead log at which the commit that makes it so long copies it into the file (16 MB), which takes some 15 ms. The
 * writer copies earlier, between two commits.
 */
const CHECKPOINT_BYTES_MAX = 16 * 1_024 * 1_024;

export function numberOf(database: SqliteDatabase, pragma: 'page_size' | 'user_version'): number {
  return Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}

/**
 * Makes the connection the log's writer, and creates the tables in a new file. A log of version 1 is indexed anew, which takes some seven
 * seconds a million entries.
 * @throws store.unavailable a newer version of the gateway wrote the file.
 */
export function prepareAuditTables(database: SqliteDatabase): void {
  database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_BYTES_MAX / numberOf(database, 'page_size')}`);
  const version = numberOf(database, 'user_version');
  if (version > SCHEMA_VERSION) throw new GatewayError('store.unavailable', 'The log was written by a newer version of the gateway.');
  const migration = MIGRATIONS[version];
  if (migration !== undefined) database.exec(`BEGIN IMMEDIATE; ${migration} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
  catchUpWithIndex(database);
}
