import { join } from 'node:path';
import { readOrCreateMasterKey } from '#adapters/crypto/master-key.ts';
import { createSqlStores, type SqlStores } from '#adapters/sql/create-sql-stores.ts';
import { migrateRecords } from '#adapters/sql/migrate.ts';
import { SQLITE } from '#adapters/sql/migrations.ts';
import type { RecordsTables } from '#adapters/sql/tables.ts';
import { openSqliteRecords } from '#adapters/sqlite/open-records.ts';

/** Files of the data folder. */
export const dataFiles = (dataDir: string) => ({
  masterKey: join(dataDir, 'master.key'),
  records: join(dataDir, 'records.db'),
  audit: join(dataDir, 'audit.db'),
});

/** Names the secret that holds a reader's secure channel base key (SCBK, 16 bytes). */
export const readerKeyName = (readerId: string): string => `reader/${readerId}/scbk`;

export interface Records extends SqlStores {
  close(): Promise<void>;
}

/** Opens the records for the calling thread. @throws store.unavailable, secret.unavailable */
export async function openRecords(dataDir: string): Promise<Records> {
  const files = dataFiles(dataDir);
  const masterKey = await readOrCreateMasterKey(files.masterKey);
  const db = await openSqliteRecords<RecordsTables>({ file: files.records });
  await migrateRecords(db, SQLITE);
  return { ...createSqlStores(db, masterKey), close: () => db.destroy() };
}
