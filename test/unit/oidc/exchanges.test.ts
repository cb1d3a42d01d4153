import { beforeEach, expect, it, vi } from 'vitest';
import { OIDC_PAYLOAD_BYTES_MAX, type OidcArtifact } from '#gateway/ports/oidc-store.ts';
import { createStorageRig } from '#test/support/oidc/storage-rig.ts';

const closed = new Set<string>();
const createRig = () =>
  createStorageRig({ clock: { nowMs: () => 1_000, monotonicUs: () => 0 }, isClosed: async (personId) => closed.has(personId) });
let { endedSessions, exchanges, shownGrants, store } = createRig();

beforeEach(() => {
  closed.clear();
  ({ endedSessions, exchanges, shownGrants, store } = createRig());
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

/** A request that shows what is stored, and is about to use it. */
async function beginWith(model: 'AuthorizationCode' | 'RefreshToken', id: string): Promise<object> {
  const request = {};
  await store.upsert(artifact(model, id));
  shownGrants.note(request, artifact(model, id));
  expect(exchanges.begin(request, { model, id })).toBe(true);
  return request;
}

/** A refresh whose tokens are written while its decision is not recorded yet. */
async function refreshUnrecorded() {
  const request = await beginWith('RefreshToken', 'old');
  const record = Promise.withResolvers<void>();
  exchanges.record(request, record.promise);
  await exchanges.give(request, artifact('RefreshToken', 'new'));
  const given = exchanges.give(request, artifact('AccessToken', 'new'));
  await vi.waitFor(async () => expect(await isStored('AccessToken', 'new')).toBe(true));
  return { given, record };
}

it('gives nothing to many that show a refresh token at once, ends what came of it, and says so once', async () => {
  await store.upsert(artifact('RefreshToken', 'old'));
  const requests = [{}, {}, {}];
  const show = async (request: object, index: number): Promise<void> => {
    shownGrants.note(request, artifact('RefreshToken', 'old'));
    expect(exchanges.begin(request, { model: 'RefreshToken', id: 'old' })).toBe(true);
    expect(await exchanges.give(request, artifact('RefreshToken', String(index)))).toBe(true);
    await exchanges.give(request, artifact('AccessToken', String(index)));
  };
  const shown = await Promise.allSettled(requests.map(show));
  for (const one of shown) expect(one).toMatchObject({ status: 'rejected', reason: { error: 'invalid_grant' } });
  expect(await store.ofPerson('RefreshToken', 'person_ann', 1_000)).toEqual([]);
  expect(await store.ofPerson('AccessToken', 'person_ann', 1_000)).toEqual([]);
  expect(requests.flatMap((request) => shownGrants.reusedIn(request))).toEqual(['g1']);
});

it('leaves alone what is given where nothing was used, and what follows a code’s access token', async () => {
  const request = {};
  expect(await exchanges.give(request, artifact('AccessToken', 'a'))).toBe(false);
  const shown = await beginWith('AuthorizationCode', 'code');
  expect(await exchanges.give(shown, artifact('ReplayDetection', 'proof'))).toBe(false);
  expect(await exchanges.give(shown, artifact('AccessToken', 'a'))).toBe(true);
  expect(await exchanges.give(shown, artifact('RefreshToken', 'b'))).toBe(false);
  expect([await isUsed('AuthorizationCode', 'code'), await isStored('AccessToken', 'a')]).toEqual([true, true]);
});

it('keeps back nothing else that can be used once', () => {
  expect(exchanges.begin({}, { model: 'DeviceCode', id: 'd' })).toBe(false);
  const request = {};
  expect(exchanges.begin(request, { model: 'AuthorizationCode', id: 'a' })).toBe(true);
  expect(exchanges.begin(request, { model: 'AuthorizationCode', id: 'b' })).toBe(false);
});

it('uses up what is kept back, with what was given so far, before an answer that is stored nowhere', async () => {
  const request = await beginWith('RefreshToken', 'old');
  await exchanges.give(request, artifact('RefreshToken', 'new'));
  await exchanges.settle(request);
  expect([await isUsed('RefreshToken', 'old'), await isStored('RefreshToken', 'new')]).toEqual([true, true]);
  await exchanges.abandon(request);
});

it('uses up a token for which a failing request gives nothing, and stores nothing of it', async () => {
  const request = await beginWith('RefreshToken', 'old');
  await exchanges.give(request, artifact('RefreshToken', 'new'));
  await exchanges.abandon(request);
  expect([await isUsed('RefreshToken', 'old'), await isStored('RefreshToken', 'new')]).toEqual([true, false]);
});

it('keeps nothing that it gives to somebody who is suspended meanwhile, and ends the request', async () => {
  const request = await beginWith('RefreshToken', 'old');
  await exchanges.give(request, artifact('RefreshToken', 'new'));
  closed.add('person_ann');
  await expect(exchanges.give(request, artifact('AccessToken', 'at'))).rejects.toMatchObject({ error: 'invalid_grant' });
  expect([await isStored('RefreshToken', 'new'), await isStored('AccessToken', 'at')]).toEqual([false, false]);
});

it('answers what the store refuses with 413, and the token can be shown again', async () => {
  const request = await beginWith('RefreshToken', 'old');
  const tooLong = { ...artifact('AccessToken', 'at'), payloadJson: 'x'.repeat(OIDC_PAYLOAD_BYTES_MAX + 1) };
  await expect(exchanges.give(request, tooLong)).rejects.toMatchObject({ error: 'invalid_request', statusCode: 413 });
  expect(await isUsed('RefreshToken', 'old')).toBe(false);
});

it('writes beside the record of the decision, and keeps nothing of it where there is no record, so that the client may try again', async () => {
  const { given, record } = await refreshUnrecorded();
  record.reject(new Error('disk full'));
  await expect(given).rejects.toThrow('disk full');
  const stored = [await isStored('RefreshToken', 'new'), await isStored('AccessToken', 'new')];
  expect([await isUsed('RefreshToken', 'old'), ...stored]).toEqual([false, false, false]);
});

it('gives nothing to somebody who was suspended, or whose app was ended, while the decision was being recorded', async () => {
  for (const end of [() => closed.add('person_ann'), () => endedSessions.add('g1')]) {
    const { given, record } = await refreshUnrecorded();
    end();
    record.resolve();
    await expect(given).rejects.toMatchObject({ error: 'invalid_grant' });
    expect([await isStored('RefreshToken', 'new'), await isStored('AccessToken', 'new')]).toEqual([false, false]);
    closed.clear();
  }
});

it('lets nobody look at what is used before it is decided whether that stands', async () => {
  const { given, record } = await refreshUnrecorded();
  const looked = exchanges.decided({ model: 'RefreshToken', id: 'old' }).then(() => isUsed('RefreshToken', 'old'));
  record.reject(new Error('disk full'));
  await expect(given).rejects.toThrow('disk full');
  expect(await looked).toBe(false);
});

it('tells of a record that failed also where the use cannot be undone', async () => {
  store.undoExchange = () => Promise.reject(new Error('the store is down'));
  const { given, record } = await refreshUnrecorded();
  record.reject(new Error('disk full'));
  await expect(given).rejects.toThrow('disk full');
});
