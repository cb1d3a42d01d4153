import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createSqlOidcStore } from '#adapters/sql/oidc-store.ts';
import { openOidcWriter } from '#adapters/sqlite/oidc/open-oidc-writer.ts';
import type { OidcArtifact } from '#gateway/ports/oidc-store.ts';
import { openRecordsFile } from '#test/support/sqlite-records.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const artifact = (id: string): OidcArtifact => ({
  model: 'AccessToken',
  id,
  payloadJson: '{}',
  personId: 'usr_ann',
  clientId: 'wiki',
  grantId: 'g1',
  uid: null,
  userCode: null,
  expiresAtMs: null,
  consumedAtMs: null,
});

async function start(inFlightMax?: number) {
  const file = join(await temporaryFolder(), 'records.db');
  const db = await openRecordsFile(file);
  const reads = createSqlOidcStore(db);
  const store = await openOidcWriter({ file, reads, ...(inFlightMax === undefined ? {} : { inFlightMax }) });
  onTestFinished(async () => {
    await store.close();
    await db.destroy();
  });
  return { file, store };
}

it('lets as many calls wait for the disk as its most and refuses the next at once', async () => {
  const { store } = await start(2);
  const calls = await Promise.allSettled(['a', 'b', 'c'].map((id) => store.upsert(artifact(id))));
  expect(calls.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(calls[2]).toMatchObject({ reason: { code: 'store.unavailable' } });
  await store.upsert(artifact('d'));
  expect(await Promise.all(['a', 'b', 'c', 'd'].map(async (id) => (await store.find('AccessToken', id, 0))?.id ?? null))).toEqual([
    'a',
    'b',
    null,
    'd',
  ]);
});

it('has written what it has answered, for every other connection', async () => {
  const { file, store } = await start();
  await Promise.all(Array.from({ length: 300 }, (_, index) => store.upsert(artifact(`t${String(index)}`))));
  const other = await openRecordsFile(file);
  const seen = await createSqlOidcStore(other).ofPerson('AccessToken', 'usr_ann', 0);
  await other.destroy();
  expect(seen).toHaveLength(300);
});

it('finishes what waits before it closes, and takes nothing after', async () => {
  const file = join(await temporaryFolder(), 'records.db');
  const db = await openRecordsFile(file);
  const reads = createSqlOidcStore(db);
  const store = await openOidcWriter({ file, reads });
  const waiting = store.upsert(artifact('last'));
  await store.close();
  await waiting;
  expect(await reads.find('AccessToken', 'last', 0)).not.toBeNull();
  await expect(store.destroy('AccessToken', 'last')).rejects.toMatchObject({ code: 'store.unavailable' });
  expect(await reads.find('AccessToken', 'last', 0)).not.toBeNull();
  await db.destroy();
});
