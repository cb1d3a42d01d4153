import type { DeskTables } from './desk-tables.ts';
import type { DirectoryTables } from './directory-tables.ts';
import type { FaceTables } from './face-tables.ts';
import type { PeopleTables } from './people-tables.ts';
import type { PolicyTables } from './policy-tables.ts';
import type { SessionTables } from './session-tables.ts';
import type { UpstreamTables } from './upstream-tables.ts';

export interface SecretsTable {
  readonly name: string;
  readonly sealed: Uint8Array;
}

/** `epoch` = revocation epoch, `grants_version` = raised by every change of a profile or grant. */
export interface CountersTable {
  readonly name: 'epoch' | 'grants_version';
  readonly value: number;
}

/** Records that wait for the log; `position` is their order. */
export interface PendingRecordsTable {
  readonly id: string;
  readonly position: number;
  readonly record_json: string;
}

/**
 * The tables of the records, in types that SQLite and PostgreSQL share: text ids, bigint epoch milliseconds, integer booleans, JSON as
 * text, bytes. A driver must return bigint columns as numbers.
 */
export interface RecordsTables extends PeopleTables, DirectoryTables, PolicyTables, SessionTables, FaceTables, DeskTables, UpstreamTables {
  readonly secrets: SecretsTable;
  readonly counters: CountersTable;
  readonly pending_records: PendingRecordsTable;
  readonly schema_migrations: { readonly number: number; readonly name: string };
}
