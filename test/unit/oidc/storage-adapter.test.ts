import type { KoaContextWithOIDC } from 'oidc-provider';
import { beforeEach, expect, it, vi } from 'vitest';
import { GatewayError } from '#gateway/domain/errors.ts';
import { TRIM_INTERVAL_WRITES } from '#gateway/oidc/storage/storage-adapter.ts';
import { OIDC_PAYLOAD_BYTES_MAX } from '#gateway/ports/oidc-store.ts';
import { createStorageRig } from '#test/support/oidc/storage-rig.ts';

let nowMs = 1_000_000;
const clock = { nowMs: () => nowMs, monotonicUs: () => nowMs * 1_000 };
const closed = new Set<string>();
/** The request that is under way; none unless a test says so. */
let request: KoaContextWithOIDC | undefined;

const createRig = () => createStorageRig({ clock, isClosed: async (personId) => closed.has(personId), current: () => request });
let { adapterOf, endedSessions, exchanges, store } = createRig();

beforeEach(() => {
  nowMs = 1_000_000;
  closed.clear();
  request = undefined;
  ({ adapterOf, endedSessions, exchanges, store } = createRig());
});

it('finds a token by its value, with the value put back', async () => {
  const adapter = adapterOf('RefreshToken');
  await adapter.upsert('secret-value', { jti: 'secret-value', accountId: 'person_ann', grantId: 'g1', kind: 'RefreshToken' }, 60);

  expect(await adapter.find('secret-value')).toEqual({ jti: 'secret-value', accountId: 'person_ann', grantId: 'g1', kind: 'RefreshToken' });
  const [stored] = await store.ofPerson('RefreshToken', 'person_ann', nowMs);
  expect(JSON.stringify(stored)).not.toContain('secret-value');
});

it('does not find it when its time is over', async () => {
  const adapter = adapterOf('AccessToken');
  await adapter.upsert('t', { jti: 't' }, 60);
  nowMs += 59_999;
  expect(await adapter.find('t')).toBeDefined();
  nowMs += 1;
  expect(await adapter.find('t')).toBeUndefined();
});

it('says when it was used, and lets only the first use through', async () => {
  const adapter = adapterOf('AuthorizationCode');
  await adapter.upsert('c', { jti: 'c' }, 60);

  const uses = await Promise.allSettled([adapter.consume('c'), adapter.consume('c')]);

  expect(uses.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect((await adapter.find('c'))?.consumed).toBe(1_000);
});

it('finds a session by its uid, and everything of a person', async () => {
  await adapterOf('Session').upsert('cookie', { jti: 'cookie', uid: 'u1', accountId: 'person_ann' }, 60);
  await adapterOf('Interaction').upsert('i1', { jti: 'i1', session: { accountId: 'person_ann' } }, 60);

  expect(await adapterOf('Session').findByUid('u1')).toMatchObject({ uid: 'u1' });
  expect(await store.destroyOfPerson('person_ann')).toEqual({ Session: 1, Interaction: 1 });
});

it('revokes by grant and destroys by value', async () => {
  const adapter = adapterOf('AccessToken');
  await adapter.upsert('a', { jti: 'a', grantId: 'g1' }, 60);
  await adapter.upsert('b', { jti: 'b', grantId: 'g2' }, 60);

  await adapter.revokeByGrantId('g1');
  await adapter.destroy('b');

  expect([await adapter.find('a'), await adapter.find('b')]).toEqual([undefined, undefined]);
});

it('keeps nothing that carries access for a closed person, even when it is written after the sweep', async () => {
  closed.add('person_ann');

  await adapterOf('Grant').upsert('g1', { jti: 'g1', accountId: 'person_ann' }, 60);
  await adapterOf('Session').upsert('s', { jti: 's', uid: 'u', accountId: 'person_ann', authorizations: { wiki: { grantId: 'g1' } } }, 60);

  expect(await adapterOf('Grant').find('g1')).toBeUndefined();
  expect(await adapterOf('Session').find('s')).toBeUndefined();
});

it('keeps the bare session of a closed person, by whose page they are told why', async () => {
  closed.add('person_ann');
  await adapterOf('Session').upsert('s', { jti: 's', uid: 'u', accountId: 'person_ann', authorizations: { wiki: { sid: 'x' } } }, 60);

  expect(await adapterOf('Session').find('s')).toBeDefined();
});

it.each(['AuthorizationCode', 'AccessToken', 'RefreshToken'])('ends the request that hands a closed person a new %s', async (model) => {
  closed.add('person_ann');

  const written = adapterOf(model).upsert('t', { jti: 't', accountId: 'person_ann', grantId: 'g1' }, 60);

  await expect(written).rejects.toMatchObject({ error: 'invalid_grant' });
  expect(await adapterOf(model).find('t')).toBeUndefined();
});

it('answers a payload that the store refuses with 413', async () => {
  const written = adapterOf('Interaction').upsert('i', { jti: 'i', params: { state: 'x'.repeat(OIDC_PAYLOAD_BYTES_MAX) } }, 60);

  await expect(written).rejects.toMatchObject({ error: 'invalid_request', statusCode: 413 });
});

it('keeps as many sign-ins under way as its limit, and drops the oldest for more', async () => {
  const adapter = createStorageRig({ store, interactionsMax: 2 }).adapterOf('Interaction');
  const begin = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      nowMs += 1;
      await adapter.upsert(`i${String(nowMs)}`, { jti: 'i' }, 60);
    }
  };
  const firstMs = nowMs + 1;
  await begin(2);
  expect(await adapter.find(`i${String(firstMs)}`)).toBeDefined();

  await begin(TRIM_INTERVAL_WRITES);

  expect(await adapter.find(`i${String(firstMs)}`)).toBeUndefined();
  expect(await adapter.find(`i${String(nowMs)}`)).toBeDefined();
  expect(await store.trim('Interaction', 2)).toBeLessThan(TRIM_INTERVAL_WRITES);
});

it('finds a device code by its user code under a name that only this process knows', async () => {
  const codes = adapterOf('DeviceCode');
  await codes.upsert('the-code', { kind: 'DeviceCode', userCode: 'BCDFGHJK' }, 600);

  const found = await codes.findByUserCode('BCDFGHJK');
  const alias = found?.jti ?? '';
  expect(alias).not.toContain('the-code');
  await codes.upsert(alias, { ...found, kind: 'DeviceCode', userCode: 'BCDFGHJK', accountId: 'person_ann' }, 600);

  expect(await codes.find('the-code')).toMatchObject({ accountId: 'person_ann' });
  const stored = await store.findByUserCode('DeviceCode', 'BCDFGHJK', clock.nowMs());
  expect(await codes.find(stored?.id ?? '')).toBeUndefined();
  const elsewhere = createStorageRig({ store }).adapterOf('DeviceCode');
  expect(await elsewhere.find(alias)).toBeUndefined();
});

it('lets a proof through once, also of many at a time', async () => {
  const proofs = adapterOf('ReplayDetection');
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => proofs.upsert('proof', { iss: 'wiki' }, 60)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

/** As the provider has it while it works on a request. */
const requestAt = (route: string, session?: { readonly jti: string; readonly uid: string }): KoaContextWithOIDC =>
  ({ oidc: { route, session } }) as unknown as KoaContextWithOIDC;

it('writes what a request of the token endpoint uses and gives as one', async () => {
  await adapterOf('RefreshToken').upsert('old', { jti: 'old', accountId: 'person_ann', grantId: 'g1' }, 60);
  request = requestAt('token');
  // The provider looks before it uses.
  await adapterOf('RefreshToken').find('old');
  await adapterOf('RefreshToken').consume('old');
  await adapterOf('RefreshToken').upsert('new', { jti: 'new', accountId: 'person_ann' }, 60);
  expect((await adapterOf('RefreshToken').find('old'))?.consumed).toBeUndefined();
  expect(await adapterOf('RefreshToken').find('new')).toBeUndefined();

  await adapterOf('AccessToken').upsert('at', { jti: 'at', accountId: 'person_ann' }, 60);

  expect((await adapterOf('RefreshToken').find('old'))?.consumed).toBe(1_000);
  expect(await adapterOf('RefreshToken').find('new')).toBeDefined();
  expect(await adapterOf('AccessToken').find('at')).toBeDefined();
});

it('remembers a session that the provider ends, and not one that it gives another id', async () => {
  request = requestAt('resume', { jti: 'second', uid: 'u1' });
  await adapterOf('Session').destroy('first');
  expect(endedSessions.has('u1')).toBe(false);
  await adapterOf('Session').destroy('second');
  expect(endedSessions.has('u1')).toBe(true);
});

it('keeps a machine’s token whose decision was recorded meanwhile, and none whose was not', async () => {
  const machines = adapterOf('ClientCredentials');
  request = requestAt('token');
  exchanges.record(request, Promise.resolve());
  await machines.upsert('a', { jti: 'a', clientId: 'robot' }, 60);
  expect(await machines.find('a')).toBeDefined();

  request = requestAt('token');
  exchanges.record(request, Promise.reject(new GatewayError('audit.unavailable', 'The log cannot be written.')));
  await expect(machines.upsert('b', { jti: 'b', clientId: 'robot' }, 60)).rejects.toMatchObject({ code: 'audit.unavailable' });
  expect(await machines.find('b')).toBeUndefined();
  await expect(exchanges.settle(request)).rejects.toMatchObject({ code: 'audit.unavailable' });
});

it('answers no machine before its decision is recorded', async () => {
  request = requestAt('token');
  const recorded = Promise.withResolvers<void>();
  exchanges.record(request, recorded.promise);
  let isAnswered = false;
  const answered = adapterOf('ClientCredentials')
    .upsert('a', { jti: 'a', clientId: 'robot' }, 60)
    .then(() => {
      isAnswered = true;
    });
  await vi.waitFor(async () => expect(await adapterOf('ClientCredentials').find('a')).toBeDefined());
  expect(isAnswered).toBe(false);
  recorded.resolve();
  await answered;
});

it('finds a token at each question about it, and not what has ended meanwhile', async () => {
  await adapterOf('AccessToken').upsert('t', { jti: 't', accountId: 'person_ann' }, 60);
  request = requestAt('introspection');
  const ask = async () =>
    (await Promise.all(['AccessToken', 'ClientCredentials', 'RefreshToken'].map((model) => adapterOf(model).find('t')))).map(
      (payload) => payload?.jti,
    );
  expect(await ask()).toEqual(['t', undefined, undefined]);
  expect(await ask()).toEqual(['t', undefined, undefined]);
  await adapterOf('AccessToken').destroy('t');
  expect(await ask()).toEqual([undefined, undefined, undefined]);
});
