import { Kysely, SqliteDialect, type SqliteDatabase as KyselySqliteDatabase, type SqliteStatement as KyselySqliteStatement } from 'kysely';
import { openSqlite, type SqliteDatabase, type SqliteStatement } from './node-sqlite.ts';

/** Statements kept prepared. The gateway has some 60 different ones; beyond the limit the oldest is prepared anew at its next use. */
const PREPARED_STATEMENTS_MAX = 200;

type Parameters_ = Parameters<SqliteStatement['all']>;

/** The driver hands over what the stores bound: text, numbers, null and bytes, which the port of the stores' types guarantees. */
const toArguments = (parameters: readonly unknown[]): Parameters_ => parameters as Parameters_;

function toKyselyStatement(statement: SqliteStatement): KyselySqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...toArguments(parameters)),
    run: (parameters) => statement.run(...toArguments(parameters)),
    iterate: (parameters) => statement.iterate(...toArguments(parameters)),
  };
}

/** What the query builder's SQLite dialect expects of a driver, on node:sqlite. */
function toKyselyDatabase(database: SqliteDatabase): KyselySqliteDatabase {
  const prepared = new Map<string, KyselySqliteStatement>();
  const nothing: KyselySqliteStatement = {
    reader: false,
    all: () => [],
    run: () => ({ changes: 0, lastInsertRowid: 0 }),
    iterate: () => [].values(),
  };

  function prepare(sql: string): KyselySqliteStatement {
    // A full disk rolls back by itself; a second rollback would hide the first error behind "no transaction is active".
    if (sql === 'rollback' && !database.isTransaction) return nothing;
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    // A transaction that begins with a read and then writes fails at once when another thread wrote in between, without waiting
    // for the busy timeout. Taking the write lock first makes it wait instead.
    const statement = toKyselyStatement(database.prepare(sql === 'begin' ? 'begin immediate' : sql));
    const [oldest] = prepared.keys();
    if (prepared.size >= PREPARED_STATEMENTS_MAX && oldest !== undefined) prepared.delete(oldest);
    prepared.set(sql, statement);
    return statement;
  }

  return { prepare, close: () => database.close() };
}

/** Reads beside the query builder where nothing else is going on; whoever is given a transaction has no such way. */
class SqliteRecords<Tables> extends Kysely<Tables> {
  readonly #database: SqliteDatabase;
  readonly #statements: KyselySqliteDatabase;

  constructor(database: SqliteDatabase) {
    const forKysely = toKyselyDatabase(database);
    super({ dialect: new SqliteDialect({ database: forKysely }) });
    this.#database = database;
    this.#statements = forKysely;
  }

  /** The rows, or null while a transaction is open on this connection, whose changes may yet be taken back. */
  readAtOnce(sql: string, parameters: readonly (string | number | null)[]): readonly unknown[] | null {
    return this.#database.isTransaction ? null : this.#statements.prepare(sql).all(parameters);
  }
}

/**
 * Opens the records (people, credentials, grants, presence, sessions, secrets) for the calling thread; each thread has a connection of its
 * own. The tables are of whoever migrates them. `destroy()` closes it.
 * @throws store.unavailable
 */
export async function openSqliteRecords<Tables>(options: { readonly file: string }): Promise<Kysely<Tables>> {
  const database = await openSqlite(options.file);
  return new SqliteRecords<Tables>(database);
}
