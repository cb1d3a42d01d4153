import type { CompiledQuery, Kysely } from 'kysely';
import type { RecordsTables } from './tables.ts';

/** Stands for a value while a query is built; the value itself comes with each run. */
export const PLACEHOLDER = '';

/**
 * Builds a query once and runs it with other values each time, given in the order of the placeholders: building costs more than running,
 * and a door decision reads four rows.
 */
export function preparedQuery<Row>(
  db: Kysely<RecordsTables>,
  query: { readonly compile: () => CompiledQuery<Row> },
): (...parameters: readonly (string | number | null)[]) => Promise<readonly Row[]> {
  const compiled = query.compile();
  return async (...parameters) => (await db.executeQuery<Row>({ ...compiled, parameters })).rows;
}
