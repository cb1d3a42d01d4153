import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { createSqlOidcStore } from '#adapters/sql/oidc-store.ts';
import { openOidcWriter, type OidcWriterOptions } from '#adapters/sqlite/oidc/open-oidc-writer.ts';
import type { GatewayError } from '#gateway/domain/errors.ts';
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

async function start(options: Pick<OidcWriterOptions, 'inFlightMax' | 'onFailure'> = {}) {
  const file = join(await temporaryFolder(), 'records.db');
  const db = await openRecordsFile(file);
  const reads = createSqlOidcStore(db);
  const store = await openOidcWriter({ file, reads, ...options });
  onTestFinished(async () => {
    await store.close();
    await db.destroy();
  });
  return { file, store };
}

it('lets as many calls wait for the disk as its most and refuses the next at once', async () => {
  const { store } = await start({ inFlightMax: 2 });
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

/** The database refuses it: each artifact has a model. */
const broken = (id: string): OidcArtifact => ({ ...artifact(id), model: null as never });

it('refuses of many that are written together only the one that cannot be', async () => {
  const { store } = await start();
  const ids = Array.from({ length: 20 }, (_, index) => `t${String(index)}`);
  await store.upsert({ ...artifact('used'), model: 'RefreshToken' });
  const calls = await Promise.allSettled([
    store.exchange({ model: 'RefreshToken', id: 'used', nowMs: 1 }, [artifact('given'), broken('not')]),
    ...ids.map((id) => store.upsert(id === 't7' ? broken(id) : artifact(id))),
  ]);
  expect(calls.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([0, 8]);
  expect(calls[8]).toMatchObject({ reason: { code: 'store.unavailable' } });
  const stored = (await store.ofPerson('AccessToken', 'usr_ann', 0)).map(({ id }) => id);
  expect(stored).toEqual(ids.filter((id) => id !== 't7').toSorted());
  // What was to be given could not be: nothing was used up for it.
  expect(await store.consume('RefreshToken', 'used', 1)).toBe(true);
});

it('takes nothing from the moment its thread ends, fails what waits, and tells its owner', async () => {
  const failures: GatewayError[] = [];
  const threads: Worker[] = [];
  const onThread = (thread: Worker): void => void threads.push(thread);
  process.on('worker', onThread);
  onTestFinished(() => void process.off('worker', onThread));
  const { store } = await start({ onFailure: (failure) => failures.push(failure) });
  await store.upsert(artifact('before'));
  expect(store.isWritable()).toBe(true);

  const ended = threads[0]?.terminate();
  const calls = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => store.upsert(artifact(`t${String(index)}`))));
  await ended;

  expect(calls.at(-1)).toMatchObject({ status: 'rejected', reason: { code: 'store.unavailable' } });
  expect(failures.map(({ code }) => code)).toEqual(['store.unavailable']);
  expect(store.isWritable()).toBe(false);
  await expect(store.upsert(artifact('after'))).rejects.toMatchObject({ code: 'store.unavailable' });
  expect(await store.find('AccessToken', 'before', 0)).not.toBeNull();
});
