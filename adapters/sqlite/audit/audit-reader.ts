import { GatewayError } from '#gateway/domain/errors.ts';
import { AUDIT_READ_MAX, type AuditQuery, type AuditReader } from '#gateway/ports/audit-log.ts';
import { openSqliteReadOnly, type SqliteDatabase, type SqliteStatement } from '../node-sqlite.ts';
import { toAuditEntry, toStoredRow, type StoredRow } from './audit-rows.ts';
import { verifyChain } from './verify-chain.ts';

type Value = string | number;
interface Condition {
  readonly sql: string;
  readonly value: Value;
}

function conditionsOf(query: AuditQuery): readonly Condition[] {
  return [
    'afterSeq' in query.from ? { sql: 'seq > ?', value: query.from.afterSeq } : { sql: 'seq < ?', value: query.from.beforeSeq },
    ...(query.personId === undefined ? [] : [{ sql: 'person_id = ?', value: query.personId }]),
    ...(query.resourceId === undefined ? [] : [{ sql: 'resource_id = ?', value: query.resourceId }]),
  ];
}

/** Statements are kept by their text: there are 24 of them at most. */
function createStatements(database: SqliteDatabase): (sql: string) => SqliteStatement {
  const statements = new Map<string, SqliteStatement>();
  return (sql) => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };
}

function readRows(statement: (sql: string) => SqliteStatement, query: AuditQuery): readonly StoredRow[] {
  const isAscending = 'afterSeq' in query.from;
  const limit = Math.min(query.limit, AUDIT_READ_MAX);
  const select = (conditions: readonly Condition[]): readonly StoredRow[] =>
    statement(
      `SELECT * FROM audit_entries WHERE ${conditions.map(({ sql }) => sql).join(' AND ')} ORDER BY seq ${isAscending ? 'ASC' : 'DESC'} LIMIT ?`,
    )
      .all(...conditions.map(({ value }) => value), limit)
      .map(toStoredRow);

  if (query.types === undefined) return select(conditionsOf(query));
  // One look-up a type: each walks an index in order of seq, where one look-up for several types would sort all that ever happened.
  return [...new Set(query.types)]
    .flatMap((type) => select([{ sql: 'type = ?', value: type }, ...conditionsOf(query)]))
    .sort((a, b) => (isAscending ? a.seq - b.seq : b.seq - a.seq))
    .slice(0, limit);
}

export type ClosableAuditReader = {
  readonly [Name in keyof AuditReader]: (this: void, ...args: Parameters<AuditReader[Name]>) => ReturnType<AuditReader[Name]>;
} & {
  readonly close: () => void;
};

/** Reads a log through a read-only connection of the calling thread's own, while any thread or process writes it. @throws store.unavailable */
export function createAuditReader(file: string): ClosableAuditReader {
  const database = openSqliteReadOnly(file);
  const statement = createStatements(database);
  const guarded = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      if (error instanceof GatewayError) throw error;
      throw new GatewayError('store.unavailable', 'The log cannot be read.', { cause: error });
    }
  };

  return {
    read: async (query) => guarded(() => readRows(statement, query).map(toAuditEntry)),
    ofDecision: async (decisionId) =>
      guarded(() =>
        statement("SELECT * FROM audit_entries WHERE decision_id = ? ORDER BY type <> 'decision', seq LIMIT ?")
          .all(decisionId, AUDIT_READ_MAX)
          .map((row) => toAuditEntry(toStoredRow(row))),
      ),
    headSeq: async () => guarded(() => Number(statement('SELECT max(seq) AS seq FROM audit_entries').get()?.['seq'] ?? 0)),
    verify: () => verifyChain(database),
    close: () => database.close(),
  };
}
