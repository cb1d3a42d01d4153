import { setImmediate as nextTurn } from 'node:timers/promises';
import { GatewayError } from '#gateway/domain/errors.ts';
import { AUDIT_READ_MAX, type AuditQuery, type AuditReader } from '#gateway/ports/audit-log.ts';
import { openSqliteReadOnly, type SqliteDatabase, type SqliteStatement } from '../node-sqlite.ts';
import { toBucket } from './audit-tables.ts';
import { toAuditEntry, toStoredRow, type StoredRow } from './audit-rows.ts';
import { verifyChain } from './verify-chain.ts';

/** Buckets looked into in one turn: the thread that reads goes on serving in between. */
const BUCKETS_PER_TURN = 512;

type Statements = (sql: string) => SqliteStatement;

/** Statements are kept by their text, of which there are few: only values differ. */
function createStatements(database: SqliteDatabase): Statements {
  const statements = new Map<string, SqliteStatement>();
  return (sql) => {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  };
}

function headSeqOf(statement: Statements): number {
  return Number(statement('SELECT max(seq) AS seq FROM audit_entries').get()?.['seq'] ?? 0);
}

/** Where a query begins and which way it goes, in SQL and in buckets. */
function directionOf(query: AuditQuery, headSeq: number) {
  if ('afterSeq' in query.from) {
    const fromSeq = query.from.afterSeq;
    return { range: 'seq > ?', order: 'ASC', fromSeq, firstBucket: toBucket(fromSeq + 1), lastBucket: toBucket(headSeq), step: 1 };
  }
  const fromSeq = query.from.beforeSeq;
  return { range: 'seq < ?', order: 'DESC', fromSeq, firstBucket: toBucket(Math.min(fromSeq - 1, headSeq)), lastBucket: 0, step: -1 };
}

type Direction = ReturnType<typeof directionOf>;

/** Entries of a person or resource, bucket by bucket until there are enough. */
async function readByBuckets(statement: Statements, query: AuditQuery, direction: Direction): Promise<readonly StoredRow[]> {
  const { range, order, fromSeq, firstBucket, lastBucket, step } = direction;
  const conditions = ['bucket = ?', range];
  const values: string[] = [];
  if (query.personId !== undefined) {
    conditions.push('person_id = ?');
    values.push(query.personId);
  }
  if (query.resourceId !== undefined) {
    conditions.push('resource_id = ?');
    values.push(query.resourceId);
  }
  if (query.types !== undefined) {
    conditions.push('type IN (SELECT value FROM json_each(?))');
    values.push(JSON.stringify(query.types));
  }
  const select = statement(`SELECT * FROM audit_entries WHERE ${conditions.join(' AND ')} ORDER BY seq ${order} LIMIT ?`);
  const rows: StoredRow[] = [];
  for (let bucket = firstBucket; step * (lastBucket - bucket) >= 0 && rows.length < query.limit; bucket += step) {
    rows.push(...select.all(bucket, fromSeq, ...values, query.limit - rows.length).map(toStoredRow));
    if (bucket % BUCKETS_PER_TURN === 0) await nextTurn();
  }
  return rows;
}

function readByTypes(statement: Statements, query: AuditQuery, types: readonly string[], direction: Direction): readonly StoredRow[] {
  // One look-up a type: each walks its index in order, where one look-up for several types would sort all that ever happened.
  const select = statement(`SELECT * FROM audit_entries WHERE type = ? AND ${direction.range} ORDER BY seq ${direction.order} LIMIT ?`);
  return [...new Set(types)]
    .flatMap((type) => select.all(type, direction.fromSeq, query.limit).map(toStoredRow))
    .sort((a, b) => direction.step * (a.seq - b.seq))
    .slice(0, query.limit);
}

async function readRows(statement: Statements, asked: AuditQuery): Promise<readonly StoredRow[]> {
  const query = { ...asked, limit: Math.min(asked.limit, AUDIT_READ_MAX) };
  const direction = directionOf(query, headSeqOf(statement));
  if (query.personId !== undefined || query.resourceId !== undefined) return readByBuckets(statement, query, direction);
  if (query.types !== undefined) return readByTypes(statement, query, query.types, direction);
  return statement(`SELECT * FROM audit_entries WHERE ${direction.range} ORDER BY seq ${direction.order} LIMIT ?`)
    .all(direction.fromSeq, query.limit)
    .map(toStoredRow);
}

/** Newest bucket first, until the decision itself is found: whatever belongs to a decision was appended after it. */
async function readDecision(statement: Statements, decisionId: string): Promise<readonly StoredRow[]> {
  const select = statement('SELECT * FROM audit_entries WHERE bucket = ? AND decision_id = ? ORDER BY seq LIMIT ?');
  const rows: StoredRow[] = [];
  for (let bucket = toBucket(headSeqOf(statement)); bucket >= 0; bucket -= 1) {
    const found = select.all(bucket, decisionId, AUDIT_READ_MAX);
    rows.unshift(...found.map(toStoredRow));
    if (found.some((row) => row['type'] === 'decision')) break;
    if (bucket % BUCKETS_PER_TURN === 0) await nextTurn();
  }
  return rows.slice(0, AUDIT_READ_MAX);
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
  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof GatewayError) throw error;
      throw new GatewayError('store.unavailable', 'The log cannot be read.', { cause: error });
    }
  };

  return {
    read: (query) => guarded(async () => (await readRows(statement, query)).map(toAuditEntry)),
    ofDecision: (decisionId) => guarded(async () => (await readDecision(statement, decisionId)).map(toAuditEntry)),
    headSeq: () => guarded(async () => headSeqOf(statement)),
    verify: () => guarded(() => verifyChain(database)),
    close: () => database.close(),
  };
}
