import { beforeEach, expect, it, vi } from 'vitest';
import { createMemoryOidcStore } from '#adapters/memory/oidc-store.ts';
import { createEndedSessions } from '#gateway/oidc/sessions/ended-sessions.ts';
import { createExchanges } from '#gateway/oidc/storage/exchanges.ts';
import { OIDC_PAYLOAD_BYTES_MAX, type OidcArtifact } from '#gateway/ports/oidc-store.ts';

const clock = { nowMs: () => 1_000 };
const closed = new Set<string>();
const isClosed = async (personId: string): Promise<boolean> => closed.has(personId);
let store = createMemoryOidcStore();
const reused: string[] = [];
const shownGrants = {
  of: () => undefined,
  noteReuse: (_request: object, grantIds: ReadonlySet<string>): void => void reused.push(...grantIds),
};
let endedSessions = createEndedSessions();
let exchanges = createExchanges({ store, clock, isClosed, endedSessions, shownGrants });

beforeEach(() => {
  closed.clear();
  store = createMemoryOidcStore();
  reused.length = 0;
  endedSessions = createEndedSessions();
  exchanges = createExchanges({ store, clock, isClosed, endedSessions, shownGrants });
});

const artifact = (model: string, id: string): OidcArtifact => ({
  model,
  id,
  payloadJson: '{}',
  personId: 'person_ann',
  clientId: 'wiki',
  grantId: 'g1',
  uid: null,
  userCode: null,
  expiresAtMs: 60_000,
  consumedAtMs: null,
});
const isUsed = async (model: string, id: string) => (await store.find(model, id, 1_000))?.consumedAtMs !== null;
const isStored = async (model: string, id: string) => (await store.find(model, id, 1_000)) !== null;

it('gives for a refresh token to no more than one request of many that show it at once, and ends what came of it', async () => {
  await store.upsert(artifact('RefreshToken', 'old'));
  const show = async (name: string): Promise<void> => {
    const request = {};
    expect(exchanges.begin(request, { model: 'RefreshToken', id: 'old' })).toBe(true);
    expect(await exchanges.give(request, artifact('RefreshToken', name))).toBe(true);
    await exchanges.give(request, artifact('AccessToken', name));
  };
  const shown = await Promise.allSettled(['a', 'b', 'c'].map(show));
  expect(shown.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
  for (const { status, ...rest } of shown) if (status === 'rejected') expect(rest).toMatchObject({ reason: { error: 'invalid_grant' } });
  for (const model of ['RefreshToken', 'AccessToken'])
    expect((await Promise.all(['a', 'b', 'c'].map((name) => isStored(model, name)))).filter(Boolean)).toEqual([]);
  expect(reused).toEqual(['g1']);
});

it('leaves alone what is given where nothing was used, and what follows a code’s access token', async () => {
  const request = {};
  expect(await exchanges.give(request, artifact('AccessToken', 'a'))).toBe(false);
  await store.upsert(artifact('AuthorizationCode', 'code'));
  exchanges.begin(request, { model: 'AuthorizationCode', id: 'code' });
  expect(await exchanges.give(request, artifact('ReplayDetection', 'proof'))).toBe(false);
  expect(await exchanges.give(request, artifact('AccessToken', 'a'))).toBe(true);
  expect(await exchanges.give(request, artifact('RefreshToken', 'b'))).toBe(false);
  expect([await isUsed('AuthorizationCode', 'code'), await isStored('AccessToken', 'a')]).toEqual([true, true]);
});

it('keeps back nothing else that can be used once', () => {
  expect(exchanges.begin({}, { model: 'DeviceCode', id: 'd' })).toBe(false);
  const request = {};
  expect(exchanges.begin(request, { model: 'AuthorizationCode', id: 'a' })).toBe(true);
  expect(exchanges.begin(request, { model: 'AuthorizationCode', id: 'b' })).toBe(false);
});

it('uses up what is kept back, with what was given so far, before an answer that is stored nowhere', async () => {
  await store.upsert(artifact('RefreshToken', 'old'));
  const request = {};
  exchanges.begin(request, { model: 'RefreshToken', id: 'old' });
  await exchanges.give(request, artifact('RefreshToken', 'new'));
  await exchanges.settle(request);
  expect([await isUsed('RefreshToken', 'old'), await isStored('RefreshToken', 'new')]).toEqual([true, true]);
  await exchanges.abandon(request);
});

it('uses up a token for which a failing request gives nothing, and stores nothing of it', async () => {
  await store.upsert(artifact('RefreshToken', 'old'));
  const request = {};
  exchanges.begin(request, { model: 'RefreshToken', id: 'old' });
  await exchanges.give(request, artifact('RefreshToken', 'new'));
  await exchanges.abandon(request);
  expect([await isUsed('RefreshToken', 'old'), await isStored('RefreshToken', 'new')]).toEqual([true, false]);
});

it('keeps nothing that it gives to somebody who is suspended meanwhile, and ends the request', async () => {
  await store.upsert(artifact('RefreshToken', 'old'));
  const request = {};
  exchanges.begin(request, { model: 'RefreshToken', id: 'old' });
  await exchanges.give(request, artifact('RefreshToken', 'new'));
  closed.add('person_ann');
  await expect(exchanges.give(request, artifact('AccessToken', 'at'))).rejects.toMatchObject({ error: 'invalid_grant' });
  expect([await isStored('RefreshToken', 'new'), await isStored('AccessToken', 'at')]).toEqual([false, false]);
});

it('answers what the store refuses with 413, and the token can be shown again', async () => {
  await store.upsert(artifact('RefreshToken', 'old'));
  const request = {};
  exchanges.begin(request, { model: 'RefreshToken', id: 'old' });
  const tooLong = { ...artifact('AccessToken', 'at'), payloadJson: 'x'.repeat(OIDC_PAYLOAD_BYTES_MAX + 1) };
  await expect(exchanges.give(request, tooLong)).rejects.toMatchObject({ error: 'invalid_request', statusCode: 413 });
  expect(await isUsed('RefreshToken', 'old')).toBe(false);
});

it('writes beside the record of the decision, and keeps nothing of it where there is no record, so that the client may try again', async () => {
  await store.upsert(artifact('RefreshToken', 'old'));
  const request = {};
  const record = Promise.withResolvers<void>();
  exchanges.record(request, record.promise);
  exchanges.begin(request, { model: 'RefreshToken', id: 'old' });
  await exchanges.give(request, artifact('RefreshToken', 'new'));
  const given = exchanges.give(request, artifact('AccessToken', 'new'));
  await vi.waitFor(async () => expect(await isStored('AccessToken', 'new')).toBe(true));
  record.reject(new Error('disk full'));
  await expect(given).rejects.toThrow('disk full');
  const stored = [await isStored('RefreshToken', 'new'), await isStored('AccessToken', 'new')];
  expect([await isUsed('RefreshToken', 'old'), ...stored]).toEqual([false, false, false]);
});

it('gives nothing to somebody who was suspended, or whose app was ended, while the decision was being recorded', async () => {
  for (const end of [() => closed.add('person_ann'), () => endedSessions.add('g1')]) {
    await store.upsert(artifact('RefreshToken', 'old'));
    const request = {};
    const record = Promise.withResolvers<void>();
    exchanges.record(request, record.promise);
    exchanges.begin(request, { model: 'RefreshToken', id: 'old' });
    await exchanges.give(request, artifact('RefreshToken', 'new'));
    const given = exchanges.give(request, artifact('AccessToken', 'new'));
    await vi.waitFor(async () => expect(await isStored('AccessToken', 'new')).toBe(true));
    end();
    record.resolve();
    await expect(given).rejects.toMatchObject({ error: 'invalid_grant' });
    expect([await isStored('RefreshToken', 'new'), await isStored('AccessToken', 'new')]).toEqual([false, false]);
    closed.clear();
  }
});

it('lets nobody look at what is used before it is decided whether that stands', async () => {
  await store.upsert(artifact('RefreshToken', 'old'));
  const request = {};
  const record = Promise.withResolvers<void>();
  exchanges.record(request, record.promise);
  exchanges.begin(request, { model: 'RefreshToken', id: 'old' });
  const given = exchanges.give(request, artifact('AccessToken', 'new'));
  await vi.waitFor(async () => expect(await isUsed('RefreshToken', 'old')).toBe(true));
  const looked = exchanges.decided({ model: 'RefreshToken', id: 'old' }).then(() => isUsed('RefreshToken', 'old'));
  record.reject(new Error('disk full'));
  await expect(given).rejects.toThrow('disk full');
  expect(await looked).toBe(false);
});

it('tells of a record that failed also where the use cannot be undone', async () => {
  await store.upsert(artifact('RefreshToken', 'old'));
  store.undoExchange = () => Promise.reject(new Error('the store is down'));
  const request = {};
  exchanges.record(request, Promise.reject(new Error('disk full')));
  exchanges.begin(request, { model: 'RefreshToken', id: 'old' });
  await expect(exchanges.give(request, artifact('AccessToken', 'new'))).rejects.toThrow('disk full');
});
