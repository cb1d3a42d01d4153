import { GatewayError } from '#gateway/domain/errors.ts';
import type { SqliteDatabase } from '../node-sqlite.ts';

const SCHEMA_VERSION = 1;

/**
 * `record_json` is what is chained; the columns between are taken from it for look-ups. The triggers stop mistakes, not attackers:
 * those the chain finds.
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
  CREATE INDEX audit_entries_by_type ON audit_entries (type);
  CREATE INDEX audit_entries_by_decision ON audit_entries (decision_id) WHERE decision_id IS NOT NULL;
  CREATE INDEX audit_entries_by_person ON audit_entries (person_id) WHERE person_id IS NOT NULL;
  CREATE INDEX audit_entries_by_resource ON audit_entries (resource_id) WHERE resource_id IS NOT NULL;
  CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries BEGIN SELECT RAISE(ABORT, 'append-only'); END;
  CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, 'append-only'); END;
`;

function schemaVersion(database: SqliteDatabase): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

/** Creates the log's tables in a new file. @throws store.unavailable a newer version of the gateway wrote the file. */
export function prepareAuditTables(database: SqliteDatabase): void {
  const version = schemaVersion(database);
  if (version > SCHEMA_VERSION) throw new GatewayError('store.unavailable', 'The log was written by a newer version of the gateway.');
  if (version === SCHEMA_VERSION) return;
  database.exec(`BEGIN IMMEDIATE; ${TABLES} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
}
