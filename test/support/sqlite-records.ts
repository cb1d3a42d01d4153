import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { onTestFinished } from 'vitest';
import { migrateRecords } from '#adapters/sql/migrate.ts';
import { SQLITE } from '#adapters/sql/dialect.ts';
import type { RecordsTables } from '#adapters/sql/tables.ts';
import { openSqliteRecords } from '#adapters/sqlite/open-records.ts';
import { temporaryFolder } from './temporary-folder.ts';

export async function openRecordsFile(file: string): Promise<Kysely<RecordsTables>> {
  const db = await openSqliteRecords<RecordsTables>({ file });
  await migrateRecords(db, SQLITE);
  return db;
}

/** A migrated database of the running test, in a file as in production. */
export async function openTemporaryRecords(): Promise<Kysely<RecordsTables>> {
  const db = await openRecordsFile(join(await temporaryFolder(), 'records.db'));
  onTestFinished(() => db.destroy());
  return db;
}
