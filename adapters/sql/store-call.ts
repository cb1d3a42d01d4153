import { z } from 'zod';
import { GatewayError } from '#gateway/domain/errors.ts';

/** node:sqlite: extended result codes of a violated primary key and unique constraint. PostgreSQL: SQLSTATE 23505. */
const UNIQUE_CODES: readonly unknown[] = [1555, 2067, '23505'];
/** SQLITE_CONSTRAINT_FOREIGNKEY; SQLSTATE 23503. */
const FOREIGN_KEY_CODES: readonly unknown[] = [787, '23503'];

/** What a violated constraint means to the caller of the port. */
export interface ViolationMeanings {
  /** Public message of `store.conflict`. */
  readonly unique?: string;
  /** Public message of `resource.unknown`. */
  readonly foreignKey?: string;
}

function databaseCode(error: unknown): unknown {
  if (!(error instanceof Error)) return null;
  if ('errcode' in error) return error.errcode;
  return 'code' in error ? error.code : null;
}

function toGatewayError(error: unknown, meanings: ViolationMeanings): GatewayError {
  if (error instanceof GatewayError) return error;
  if (error instanceof z.ZodError) return new GatewayError('store.corrupt', 'A stored record cannot be read.', { cause: error });
  const code = databaseCode(error);
  if (meanings.unique !== undefined && UNIQUE_CODES.includes(code)) {
    return new GatewayError('store.conflict', meanings.unique, { cause: error });
  }
  if (meanings.foreignKey !== undefined && FOREIGN_KEY_CODES.includes(code)) {
    return new GatewayError('resource.unknown', meanings.foreignKey, { cause: error });
  }
  return new GatewayError('store.unavailable', 'The store cannot be used.', { cause: error });
}

/**
 * Runs one call of a store: the only place where errors of a database become errors of the gateway.
 * @throws store.corrupt a row does not pass its schema; store.conflict, resource.unknown as the meanings say; store.unavailable otherwise.
 */
export async function storeCall<Result>(work: () => Promise<Result>, meanings: ViolationMeanings = {}): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toGatewayError(error, meanings);
  }
}
