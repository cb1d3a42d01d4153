import { setImmediate as nextTurn } from 'node:timers/promises';
import { GatewayError } from '#gateway/domain/errors.ts';
import { AUDIT_READ_MAX, type AuditQuery, type AuditReader } from '#gateway/ports/audit-log.ts';
import { openSqliteReadOnly, type SqliteDatabase, type SqliteStatement } from '../node-sqlite.ts';
import { INDEX_KINDS, INDEXED_COLUMNS, SELECT_INDEXED_UNTIL, toBucket, toUntilSeq, TYPES_BUCKET, type IndexKind } from './audit-index.ts';
import { headSeqOf, toAuditEntry, toStoredRow, type StoredRow } from './audit-rows.ts';
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

const indexedUntilSeqOf = (statement: Statements): number => toUntilSeq(statement(SELECT_INDEXED_UNTIL).get());

/** The stretch between two entries that are not in it, and which way it is gone through. */
interface Stretch {
  readonly afterSeq: number;
  readonly beforeSeq: number;
  readonly isAscending: boolean;
}

function stretchOf({ from }: AuditQuery): Stretch {
  return 'afterSeq' in from
    ? { afterSeq: from.afterSeq, beforeSeq: Number.MAX_SAFE_INTEGER, isAscending: true }
    : { afterSeq: 0, beforeSeq: from.beforeSeq, isAscending: false };
}

const orderOf = ({ isAscending }: Stretch): string => (isAscending ? 'ASC' : 'DESC');

/** Its indexed entries, and those that wait for the index. One bound on each side: with two of a kind, SQLite may start from the wider one. */
function split(stretch: Stretch, untilSeq: number): { readonly indexed: Stretch; readonly waiting: Stretch } {
  return {
    indexed: { ...stretch, beforeSeq: Math.min(stretch.beforeSeq, untilSeq + 1) },
    waiting: { ...stretch, afterSeq: Math.max(stretch.afterSeq, untilSeq) },
  };
}

/** What an entry must be, beside where it is. Columns are of `audit_entries`. */
interface Conditions {
  readonly sql: string;
  readonly values: readonly string[];
}

function conditionsOf({ personId, resourceId, types }: AuditQuery): Conditions {
  const conditions: string[] = [];
  const values: string[] = [];
  const add = (condition: string, value: string): void => {
    conditions.push(` AND ${condition}`);
    values.push(value);
  };
  if (personId !== undefined) add('person_id = ?', personId);
  if (resourceId !== undefined) add('resource_id = ?', resourceId);
  if (types !== undefined) add('type IN (SELECT value FROM json_each(?))', JSON.stringify(types));
  return { sql: conditions.join(''), values };
}

/** Entries of a stretch, one by one. */
function walk(statement: Statements, { sql, values }: Conditions, stretch: Stretch, limit: number): readonly StoredRow[] {
  return statement(`SELECT * FROM audit_entries WHERE seq > ? AND seq < ?${sql} ORDER BY seq ${orderOf(stretch)} LIMIT ?`)
    .all(stretch.afterSeq, stretch.beforeSeq, ...values, limit)
    .map(toStoredRow);
}

interface Key {
  readonly kind: IndexKind;
  readonly id: string;
}

interface LookUp {
  readonly key: Key;
  readonly stretch: Stretch;
  readonly conditions?: Conditions;
}

/** Reads entries of one key, bucket by bucket. The order of the two tables is said: the smaller one leads. */
function createLookUp(
  statement: Statements,
  { key, stretch, conditions = { sql: '', values: [] } }: LookUp,
): (bucket: number, limit: number) => readonly StoredRow[] {
  const select = statement(
    'SELECT audit_entries.* FROM audit_index CROSS JOIN audit_entries ON audit_entries.seq = audit_index.seq' +
      ` WHERE kind = ${INDEX_KINDS[key.kind]} AND audit_index.bucket = ? AND id = ? AND audit_index.seq > ? AND audit_index.seq < ?` +
      ` AND ${INDEXED_COLUMNS[key.kind]} = id${conditions.sql} ORDER BY audit_index.seq ${orderOf(stretch)} LIMIT ?`,
  );
  return (bucket, limit) => select.all(bucket, key.id, stretch.afterSeq, stretch.beforeSeq, ...conditions.values, limit).map(toStoredRow);
}

/** Entries of a person or resource, bucket by bucket until there are enough; the newest, which wait for the index, before or after. */
async function readByBuckets(statement: Statements, query: AuditQuery, key: Key): Promise<readonly StoredRow[]> {
  const conditions = conditionsOf(query);
  // Read first: what is indexed meanwhile is walked over, as it was when this began.
  const untilSeq = indexedUntilSeqOf(statement);
  const { indexed, waiting } = split(stretchOf(query), untilSeq);
  const { afterSeq, beforeSeq, isAscending } = indexed;
  const lookUp = createLookUp(statement, { key, stretch: indexed, conditions });
  const rows: StoredRow[] = isAscending ? [] : [...walk(statement, conditions, waiting, query.limit)];
  const [oldest, newest] = [toBucket(afterSeq + 1), toBucket(Math.max(0, beforeSeq - 1))];
  const [first, last, step] = isAscending ? [oldest, newest, 1] : [newest, oldest, -1];
  for (let bucket = first; step * (last - bucket) >= 0 && rows.length < query.limit; bucket += step) {
    rows.push(...lookUp(bucket, query.limit - rows.length));
    if (bucket % BUCKETS_PER_TURN === 0) await nextTurn();
  }
  if (isAscending && rows.length < query.limit) rows.push(...walk(statement, conditions, waiting, query.limit - rows.length));
  return rows;
}

function readByTypes(statement: Statements, query: AuditQuery, types: readonly string[]): readonly StoredRow[] {
  const { limit } = query;
  const { indexed, waiting } = split(stretchOf(query), indexedUntilSeqOf(statement));
  // One look-up a type: each walks its part of the index in order, where one look-up for several types would sort all that ever happened.
  const found = [...new Set(types)].flatMap((id) =>
    createLookUp(statement, { key: { kind: 'type', id }, stretch: indexed })(TYPES_BUCKET, limit),
  );
  const step = indexed.isAscending ? 1 : -1;
  return [...found, ...walk(statement, conditionsOf(query), waiting, limit)].sort((a, b) => step * (a.seq - b.seq)).slice(0, limit);
}

async function readRows(statement: Statements, asked: AuditQuery): Promise<readonly StoredRow[]> {
  const query = { ...asked, limit: Math.min(asked.limit, AUDIT_READ_MAX) };
  if (query.personId !== undefined) return readByBuckets(statement, query, { kind: 'person', id: query.personId });
  if (query.resourceId !== undefined) return readByBuckets(statement, query, { kind: 'resource', id: query.resourceId });
  if (query.types !== undefined) return readByTypes(statement, query, query.types);
  return walk(statement, conditionsOf(query), stretchOf(query), query.limit);
}

/** Newest bucket first, until the decision itself is found: whatever belongs to a decision was appended after it. */
async function readDecision(statement: Statements, decisionId: string): Promise<readonly StoredRow[]> {
  const limit = AUDIT_READ_MAX;
  const untilSeq = indexedUntilSeqOf(statement);
  const { indexed, waiting } = split(stretchOf({ from: { afterSeq: 0 }, limit }), untilSeq);
  const rows = [...walk(statement, { sql: ' AND decision_id = ?', values: [decisionId] }, waiting, limit)];
  const lookUp = createLookUp(statement, { key: { kind: 'decision', id: decisionId }, stretch: indexed });
  for (let bucket = toBucket(untilSeq); bucket >= 0 && rows[0]?.type !== 'decision'; bucket -= 1) {
    rows.unshift(...lookUp(bucket, limit));
    if (bucket % BUCKETS_PER_TURN === 0) await nextTurn();
  }
  return rows.slice(0, limit);
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
