import { GatewayError } from '#gateway/domain/errors.ts';
import type { ChainVerdict } from '#gateway/ports/audit-log.ts';
import { openSqliteReadOnly } from '../node-sqlite.ts';
import { verifyChain } from './verify-chain.ts';

/**
 * Verifies a log file by itself, also while a gateway writes it.
 * @throws store.unavailable there is no such file, or it is no log at all.
 */
export async function verifyAuditFile(file: string): Promise<ChainVerdict> {
  const database = openSqliteReadOnly(file);
  try {
    return await verifyChain(database);
  } catch (error) {
    throw new GatewayError('store.unavailable', 'The file is not a log of the gateway.', { cause: error });
  } finally {
    database.close();
  }
}
