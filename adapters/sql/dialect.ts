import type { ColumnDataType } from 'kysely';

/** What the two databases call differently. */
export interface SqlDialect {
  readonly bytes: ColumnDataType;
}
export const SQLITE: SqlDialect = { bytes: 'blob' };
export const POSTGRES: SqlDialect = { bytes: 'bytea' };
