import { setTimeout as delay } from 'node:timers/promises';
// The only import of node:sqlite: later Node versions rename the class (DEP0210).
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { GatewayError } from '#gateway/domain/errors.ts';

export type SqliteDatabase = DatabaseSync;
export type SqliteStatement = StatementSync;

/** How long a statement waits for another thread's or process's write. Writes are short: one sync of the disk. */
const BUSY_TIMEOUT_MS = 2_000;
const OPEN_ATTEMPTS_MAX = 100;
const OPEN_RETRY_DELAY_MS = 20;

const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

/** The primary result code of an SQLite error; null when the error is not of SQLite. */
function sqliteResultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}
export const isDiskFull = (error: unknown): boolean => sqliteResultCode(error) === SQLITE_FULL;
export const isBusy = (error: unknown): boolean => sqliteResultCode(error) === SQLITE_BUSY;

export interface OpenSqliteOptions {
  /** Size of a page in a new file; one that exists keeps its own. Without it 4 KiB, SQLite's default. */
  readonly pageBytes?: 8_192;
}

function openOnce(file: string, { pageBytes }: OpenSqliteOptions): SqliteDatabase {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  try {
    // Before the file has its first page, which the next statement writes.
    if (pageBytes !== undefined) database.exec(`PRAGMA page_size = ${pageBytes}`);
    // FULL: a commit has reached the disk when it returns. NORMAL would lose acknowledged commits with the power.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens for reading and writing; creates the file. Several threads may open the same file at once: the change to WAL does not wait
 * for the busy timeout, so it is tried again. `:memory:` is allowed.
 * @throws store.unavailable
 */
export async function openSqlite(file: string, options: OpenSqliteOptions = {}): Promise<SqliteDatabase> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return openOnce(file, options);
    } catch (error) {
      if (!isBusy(error) || attempt === OPEN_ATTEMPTS_MAX) {
        throw new GatewayError('store.unavailable', 'The database cannot be opened.', { cause: error });
      }
      await delay(OPEN_RETRY_DELAY_MS);
    }
  }
}

/** Opens an existing file for reading only, also while another process writes it. @throws store.unavailable */
export function openSqliteReadOnly(file: string): SqliteDatabase {
  try {
    return new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  } catch (error) {
    throw new GatewayError('store.unavailable', 'The database cannot be opened.', { cause: error });
  }
}

/**
 * Claims `file` (a small file of its own) for this process until `release`, or until the process ends in whatever way: the operating
 * system gives the claim back, so a killed process leaves none behind.
 * @throws store.unavailable another process or thread holds it.
 */
export function claimFile(file: string): { readonly release: () => void } {
  const claim = new DatabaseSync(file, { timeout: 0 });
  try {
    claim.exec('BEGIN EXCLUSIVE');
    return { release: () => claim.close() };
  } catch (error) {
    claim.close();
    throw new GatewayError('store.unavailable', 'Another process is using the database.', { cause: error });
  }
}
