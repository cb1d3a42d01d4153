import { sql, type Kysely } from 'kysely';
import type { SecretStore } from '#gateway/ports/secret-store.ts';
import { PLACEHOLDER, preparedQuery } from './prepared-query.ts';
import { MASTER_KEY_LENGTH_BYTES, openSecret, sealSecret } from './sealed-secret.ts';
import { storeCall } from './store-call.ts';
import type { RecordsTables } from './tables.ts';

/** `masterKey` (32 bytes) stays the caller's: it must not be zeroed while the store is in use. */
export function createSqlSecretStore(db: Kysely<RecordsTables>, masterKey: Uint8Array): SecretStore {
  if (masterKey.length !== MASTER_KEY_LENGTH_BYTES) throw new TypeError(`the master key has ${MASTER_KEY_LENGTH_BYTES} bytes`);
  const selectSealed = preparedQuery(db, db.selectFrom('secrets').select('sealed').where('name', '=', PLACEHOLDER));

  async function read(name: string): Promise<Uint8Array | null> {
    const [row] = await selectSealed(name);
    return row === undefined ? null : openSecret(masterKey, name, row.sealed);
  }

  async function readOrCreate(name: string, create: () => Uint8Array): Promise<Uint8Array> {
    const stored = await read(name);
    if (stored !== null) return stored;
    const created = create();
    const result = await db
      .insertInto('secrets')
      .values({ name, sealed: sealSecret(masterKey, name, created) })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirst();
    if (result.numInsertedOrUpdatedRows === 1n) return Uint8Array.from(created);
    // Another starter was first: its value is the one that everybody uses.
    return readOrCreate(name, create);
  }

  return {
    read: (name) => storeCall(() => read(name)),
    write: (name, value) =>
      storeCall(async () => {
        const sealed = sealSecret(masterKey, name, value);
        await db
          .insertInto('secrets')
          .values({ name, sealed })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ sealed }))
          .execute();
      }),
    readOrCreate: (name, create) => storeCall(() => readOrCreate(name, create)),
    names: (prefix) =>
      storeCall(async () => {
        const rows = await db
          .selectFrom('secrets')
          .select('name')
          // Not LIKE: a prefix may contain its wildcards.
          .where(sql<string>`substr(name, 1, ${prefix.length})`, '=', prefix)
          .orderBy('name')
          .execute();
        return rows.map((row) => row.name);
      }),
  };
}
