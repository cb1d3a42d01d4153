import { describe, expect, it } from 'vitest';
import { createMemorySecretStore } from '#adapters/memory/secret-store.ts';
import { createSqlSecretStore } from '#adapters/sql/secret-store.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { secretStoreContract } from './secret-store.ts';

const MASTER_KEY = new Uint8Array(32).fill(7);

secretStoreContract('memory', async () => createMemorySecretStore());
secretStoreContract('sqlite', async () => createSqlSecretStore(await openTemporaryRecords(), MASTER_KEY));

describe('sealed secrets', () => {
  it('does not open under another master key', async () => {
    const db = await openTemporaryRecords();
    await createSqlSecretStore(db, MASTER_KEY).write('cookie', Uint8Array.of(1));
    const other = createSqlSecretStore(db, new Uint8Array(32).fill(8));
    await expect(other.read('cookie')).rejects.toMatchObject({ code: 'secret.unavailable' });
    await expect(other.readOrCreate('cookie', () => Uint8Array.of(2))).rejects.toMatchObject({ code: 'secret.unavailable' });
  });

  it('does not open under another name', async () => {
    const db = await openTemporaryRecords();
    const secrets = createSqlSecretStore(db, MASTER_KEY);
    await secrets.write('reader_a', Uint8Array.of(1));
    await db.updateTable('secrets').set({ name: 'reader_b' }).execute();
    await expect(secrets.read('reader_b')).rejects.toMatchObject({ code: 'secret.unavailable' });
  });

  it('does not open when any bit of it changed, or when it is cut at any length', async () => {
    const db = await openTemporaryRecords();
    const secrets = createSqlSecretStore(db, MASTER_KEY);
    await secrets.write('cookie', Uint8Array.of(1, 2, 3));
    const { sealed } = await db.selectFrom('secrets').select('sealed').executeTakeFirstOrThrow();
    const damaged = [
      ...Array.from({ length: sealed.length * 8 }, (_, bit) =>
        sealed.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)),
      ),
      ...Array.from({ length: sealed.length }, (_, length) => sealed.slice(0, length)),
    ];
    for (const bytes of damaged) {
      await db.updateTable('secrets').set({ sealed: bytes }).execute();
      await expect(secrets.read('cookie')).rejects.toMatchObject({ code: 'secret.unavailable' });
    }
  });

  it('never stores the value in the clear', async () => {
    const db = await openTemporaryRecords();
    await createSqlSecretStore(db, MASTER_KEY).write('cookie', new TextEncoder().encode('a very secret value'));
    const { sealed } = await db.selectFrom('secrets').select('sealed').executeTakeFirstOrThrow();
    expect(Buffer.from(sealed).includes('secret')).toBe(false);
  });

  it('refuses a master key of another length', async () => {
    const db = await openTemporaryRecords();
    expect(() => createSqlSecretStore(db, new Uint8Array(31))).toThrow(TypeError);
    expect(() => createSqlSecretStore(db, new Uint8Array(33))).toThrow(TypeError);
  });
});
