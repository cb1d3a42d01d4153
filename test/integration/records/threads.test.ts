import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { createSqlStores } from '#adapters/sql/create-sql-stores.ts';
import { migrateRecords } from '#adapters/sql/migrate.ts';
import { SQLITE } from '#adapters/sql/dialect.ts';
import { MIGRATIONS } from '#adapters/sql/migrations.ts';
import type { RecordsTables } from '#adapters/sql/tables.ts';
import { openSqliteRecords } from '#adapters/sqlite/open-records.ts';
import { someBadge, somePasskey, somePerson } from '#test/support/people.ts';
import { openRecordsFile } from '#test/support/sqlite-records.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const THREADS = ['a', 'b', 'c', 'd'];
const PEOPLE_PER_THREAD = 50;

describe('the records of several threads', () => {
  it('are created once when all open them at once, and lose no write of any', async () => {
    const file = join(await temporaryFolder(), 'records.db');
    const threads = THREADS.map(
      (name) => new Worker(new URL('./suspending-thread.ts', import.meta.url), { workerData: { file, name, people: PEOPLE_PER_THREAD } }),
    );
    const exits = await Promise.all(threads.map((thread) => once(thread, 'exit')));
    expect(exits).toEqual(THREADS.map(() => [0]));

    const db = await openRecordsFile(file);
    const { people } = createSqlStores(db, new Uint8Array(32));
    expect(await people.listByStanding('suspended')).toHaveLength(THREADS.length * PEOPLE_PER_THREAD);
    expect(await people.epoch()).toBe(THREADS.length * PEOPLE_PER_THREAD);
    await db.destroy();
  });
});

describe('the records after a restart', () => {
  it('are as they were, under the same master key', async () => {
    const file = join(await temporaryFolder(), 'records.db');
    const masterKey = new Uint8Array(32).fill(3);
    const before = await openRecordsFile(file);
    const stores = createSqlStores(before, masterKey);
    await stores.people.save(somePerson('ann'));
    await stores.people.changeStanding({ personId: somePerson('ann').id, to: 'suspended', nowMs: 1 });
    await stores.credentials.saveBadge(someBadge('1'));
    await stores.credentials.addPasskey(somePasskey('2'));
    await stores.secrets.write('cookie', Uint8Array.of(1, 2, 3));
    await before.destroy();

    const after = await openRecordsFile(file);
    const reopened = createSqlStores(after, masterKey);
    expect(await reopened.people.find(somePerson('ann').id)).toEqual(somePerson('ann', { standing: 'suspended', version: 2 }));
    expect(await reopened.people.epoch()).toBe(1);
    expect(await reopened.credentials.findBadge(someBadge('1').badgeKey)).toEqual(someBadge('1'));
    expect(await reopened.credentials.passkeysOf(somePasskey('2').personId)).toEqual([somePasskey('2')]);
    expect(await reopened.secrets.read('cookie')).toEqual(Uint8Array.of(1, 2, 3));
    await after.destroy();
  });

  it('keep the sessions of an earlier release, which say nothing of how they began', async () => {
    const file = join(await temporaryFolder(), 'records.db');
    const db = await openSqliteRecords<RecordsTables>({ file });
    const earlier = MIGRATIONS.slice(0, 2);
    await db.transaction().execute(async (transaction) => {
      for (const { up } of earlier) await up(transaction, SQLITE);
    });
    await db.schema.createTable('schema_migrations').addColumn('number', 'integer').addColumn('name', 'text').execute();
    for (const { number, name } of earlier) await db.insertInto('schema_migrations').values({ number, name }).execute();
    await sql`insert into console_sessions (id, person_id, kind, secret_sha256, created_at_ms, authenticated_at_ms, expires_at_ms)
      values ('session_1', 'person_ann', 'console', 'hash', 1, 1, 9)`.execute(db);

    await migrateRecords(db, SQLITE);

    const { sessions } = createSqlStores(db, new Uint8Array(32));
    expect(await sessions.findBySecret('hash', 2)).toMatchObject({ id: 'session_1', amr: [], acr: '', userVerified: false });
    await db.destroy();
  });

  it('are refused by a program that is older than they are, and left as they are', async () => {
    const file = join(await temporaryFolder(), 'records.db');
    const db = await openRecordsFile(file);
    await db.insertInto('schema_migrations').values({ number: 999, name: 'of tomorrow' }).execute();
    await expect(migrateRecords(db, SQLITE)).rejects.toMatchObject({ code: 'store.unavailable' });
    await db.destroy();
  });

  it('are refused row by row where a row is not what it should be', async () => {
    const db = await openRecordsFile(join(await temporaryFolder(), 'records.db'));
    const { people } = createSqlStores(db, new Uint8Array(32));
    await people.save(somePerson('ann'));
    await db.updateTable('people').set({ roles_json: 'not JSON' }).execute();
    await expect(people.find(somePerson('ann').id)).rejects.toMatchObject({ code: 'store.corrupt' });
    await db.updateTable('people').set({ roles_json: '[]', standing: 'blessed' }).execute();
    await expect(people.find(somePerson('ann').id)).rejects.toMatchObject({ code: 'store.corrupt' });
    await db.destroy();
    await expect(people.find(somePerson('ann').id)).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});
