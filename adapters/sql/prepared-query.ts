import type { CompiledQuery, Kysely } from 'kysely';
import type { RecordsTables } from './tables.ts';

/** Stands for a value while a query is built; the value itself comes with each run. */
export const PLACEHOLDER = '';

/**
 * What a database may offer besides the query builder's way to a connection, which costs a read a third of its time. Null while a
 * transaction is open on the only connection: a read must not see what may yet be taken back, and waits for its turn.
 */
export interface ReadsAtOnce {
  readAtOnce(sql: string, parameters: readonly (string | number | null)[]): readonly unknown[] | null;
}

/**
 * Builds a query once and runs it with other values each time, given in the order of the placeholders: building costs more than running,
 * and a door decision reads four rows.
 */
export function preparedQuery<Row>(
  db: Kysely<RecordsTables> & Partial<ReadsAtOnce>,
  query: { readonly compile: () => CompiledQuery<Row> },
): (...parameters: readonly (string | number | null)[]) => Promise<readonly Row[]> {
  const compiled = query.compile();
  const isRead = compiled.query.kind === 'SelectQueryNode';
  return async (...parameters) => {
    const rows = isRead ? db.readAtOnce?.(compiled.sql, parameters) : null;
    // The rows of this very text, as the query builder gives them.
    return (rows as readonly Row[] | null | undefined) ?? (await db.executeQuery<Row>({ ...compiled, parameters })).rows;
  };
}
