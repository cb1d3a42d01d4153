import { join } from 'node:path';
import { readOrCreateMasterKey } from '#adapters/crypto/master-key.ts';
import { createScryptPinHasher } from '#adapters/crypto/scrypt-pin-hasher.ts';
import { createSqlStores, type SqlStores } from '#adapters/sql/create-sql-stores.ts';
import { migrateRecords } from '#adapters/sql/migrate.ts';
import { SQLITE } from '#adapters/sql/dialect.ts';
import type { RecordsTables } from '#adapters/sql/tables.ts';
import { openOidcWriter } from '#adapters/sqlite/oidc/open-oidc-writer.ts';
import { openSqliteRecords } from '#adapters/sqlite/open-records.ts';
import type { GatewayError } from './domain/errors.ts';
import type { PinHasher } from './ports/pin-hasher.ts';
import type { Random } from './ports/random.ts';
import type { SecretStore } from './ports/secret-store.ts';

/** Files of the data folder. */
export const dataFiles = (dataDir: string) => ({
  masterKey: join(dataDir, 'master.key'),
  records: join(dataDir, 'records.db'),
  audit: join(dataDir, 'audit.db'),
});

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

/** The same for the thread that serves the web: what the OpenID provider keeps is written by a thread of its own. */
export async function openServingRecords(
  dataDir: string,
  { onFailure }: { readonly onFailure: (failure: GatewayError) => void },
): Promise<Records> {
  const records = await openRecords(dataDir);
  const oidc = await openOidcWriter({ file: dataFiles(dataDir).records, reads: records.oidc, onFailure });
  return {
    ...records,
    oidc,
    close: async () => {
      await oidc.close();
      await records.close();
    },
  };
}

const PIN_PEPPER_NAME = 'pin/pepper';
const PIN_PEPPER_LENGTH_BYTES = 32;

/** One pepper for all PINs of the installation: with another one every PIN is wrong. */
export function createPinHasher(secrets: SecretStore, random: Random): PinHasher {
  return createScryptPinHasher(() => secrets.readOrCreate(PIN_PEPPER_NAME, () => random.bytes(PIN_PEPPER_LENGTH_BYTES)));
}
