import { describe, expect, it } from 'vitest';
import { OIDC_GIVEN_MAX, OIDC_PAYLOAD_BYTES_MAX, type OidcArtifact, type OidcStore } from '#gateway/ports/oidc-store.ts';

const someArtifact = (model: string, id: string, change: Partial<OidcArtifact> = {}): OidcArtifact => ({
  model,
  id,
  payloadJson: `{"jti":"${id}"}`,
  personId: 'person_ann',
  clientId: 'wiki',
  grantId: 'grant_1',
  uid: null,
  userCode: null,
  expiresAtMs: 2_000,
  consumedAtMs: null,
  ...change,
});

export function oidcStoreContract(name: string, make: () => Promise<OidcStore>): void {
  describe(`OidcStore: ${name}`, () => {
    it('finds an artifact by model and id until it expires', async () => {
      const oidc = await make();
      const code = someArtifact('AuthorizationCode', 'a');
      await oidc.upsert(code);
      expect(await oidc.find('AuthorizationCode', 'a', 1_999)).toEqual(code);
      expect(await oidc.find('AuthorizationCode', 'a', 2_000)).toBeNull();
      expect(await oidc.find('AccessToken', 'a', 1_000)).toBeNull();
    });

    it('gives for an artifact to the first who uses it, and to nobody else', async () => {
      const oidc = await make();
      await oidc.upsert(someArtifact('RefreshToken', 'old'));
      const exchange = (name: string) =>
        oidc.exchange({ model: 'RefreshToken', id: 'old', nowMs: 1_500 }, [
          someArtifact('RefreshToken', name),
          someArtifact('AccessToken', name),
        ]);
      const firsts = await Promise.all(['a', 'b', 'c'].map(exchange));
      expect(firsts.filter((isFirst) => isFirst)).toHaveLength(1);
      const winner = ['a', 'b', 'c'].filter((_name, index) => firsts[index]);
      expect((await oidc.ofPerson('RefreshToken', 'person_ann', 1_000)).map(({ id }) => id)).toEqual([...winner, 'old']);
      expect((await oidc.ofPerson('AccessToken', 'person_ann', 1_000)).map(({ id }) => id)).toEqual(winner);
      expect(await oidc.find('RefreshToken', 'old', 1_000)).toMatchObject({ consumedAtMs: 1_500 });
    });

    it('gives nothing for an artifact that is unknown, expired or used', async () => {
      const oidc = await make();
      await oidc.upsert(someArtifact('RefreshToken', 'expired', { expiresAtMs: 1_500 }));
      await oidc.upsert(someArtifact('RefreshToken', 'used'));
      await oidc.consume('RefreshToken', 'used', 1_000);
      for (const id of ['unknown', 'expired', 'used'])
        expect(await oidc.exchange({ model: 'RefreshToken', id, nowMs: 1_500 }, [someArtifact('AccessToken', id)])).toBe(false);
      expect(await oidc.ofPerson('AccessToken', 'person_ann', 1_000)).toEqual([]);
    });

    it('leaves an artifact unused when something of what is given for it cannot be stored', async () => {
      const oidc = await make();
      await oidc.upsert(someArtifact('RefreshToken', 'old'));
      const used = { model: 'RefreshToken', id: 'old', nowMs: 1_500 };
      const tooLong = someArtifact('AccessToken', 'b', { payloadJson: 'x'.repeat(OIDC_PAYLOAD_BYTES_MAX + 1) });
      await expect(oidc.exchange(used, [someArtifact('RefreshToken', 'a'), tooLong])).rejects.toMatchObject({ code: 'request.too_large' });
      expect(await oidc.find('RefreshToken', 'a', 1_000)).toBeNull();
      const most = Array.from({ length: OIDC_GIVEN_MAX }, (_, index) => someArtifact('AccessToken', `t${String(index)}`));
      await expect(oidc.exchange(used, [...most, someArtifact('AccessToken', 'more')])).rejects.toThrow(Error);
      expect(await oidc.exchange(used, most)).toBe(true);
    });

    it('takes back what was given for an artifact, which can be used again then', async () => {
      const oidc = await make();
      await oidc.upsert(someArtifact('RefreshToken', 'old'));
      const used = { model: 'RefreshToken', id: 'old', nowMs: 1_500 };
      const given = [someArtifact('RefreshToken', 'new'), someArtifact('AccessToken', 'new')];
      expect(await oidc.exchange(used, given)).toBe(true);
      await oidc.undoExchange(used, given);
      expect((await oidc.ofPerson('RefreshToken', 'person_ann', 1_000)).map(({ id }) => id)).toEqual(['old']);
      expect(await oidc.ofPerson('AccessToken', 'person_ann', 1_000)).toEqual([]);
      expect(await oidc.exchange({ ...used, nowMs: 1_600 }, given)).toBe(true);
    });

    it('makes nothing usable again that somebody else has used, or that is gone', async () => {
      const oidc = await make();
      await oidc.upsert(someArtifact('RefreshToken', 'old'));
      await oidc.consume('RefreshToken', 'old', 1_400);
      for (const id of ['old', 'gone']) await oidc.undoExchange({ model: 'RefreshToken', id, nowMs: 1_500 }, []);
      expect(await oidc.find('RefreshToken', 'old', 1_000)).toMatchObject({ consumedAtMs: 1_400 });
      expect(await oidc.find('RefreshToken', 'gone', 1_000)).toBeNull();
    });

    it('can be written', async () => {
      expect((await make()).isWritable()).toBe(true);
    });

    it('keeps an artifact without expiry for ever', async () => {
      const oidc = await make();
      await oidc.upsert(someArtifact('Grant', 'a', { expiresAtMs: null, personId: null, clientId: null, grantId: null }));
      expect(await oidc.find('Grant', 'a', Number.MAX_SAFE_INTEGER)).toMatchObject({ personId: null, clientId: null, grantId: null });
    });

    it('replaces an artifact of the same model and id', async () => {
      const oidc = await make();
      await oidc.upsert(someArtifact('Session', 'a'));
      await oidc.upsert(someArtifact('Session', 'a', { payloadJson: '{}', expiresAtMs: 5_000, uid: 'u' }));
      expect(await oidc.find('Session', 'a', 4_000)).toMatchObject({ payloadJson: '{}', uid: 'u' });
    });

    it('finds by uid and by user code, of the model asked for only', async () => {
      const oidc = await make();
      await oidc.upsert(someArtifact('Session', 'a', { uid: 'uid-1' }));
      await oidc.upsert(someArtifact('DeviceCode', 'b', { userCode: 'ABCD' }));
      expect((await oidc.findByUid('Session', 'uid-1', 1_000))?.id).toBe('a');
      expect(await oidc.findByUid('Interaction', 'uid-1', 1_000)).toBeNull();
      expect(await oidc.findByUid('Session', 'uid-1', 2_000)).toBeNull();
      expect((await oidc.findByUserCode('DeviceCode', 'ABCD', 1_000))?.id).toBe('b');
      expect(await oidc.findByUserCode('DeviceCode', 'ABCE', 1_000)).toBeNull();
    });

    it('finds nothing by uid, user code or person when its time is over', async () => {
      const oidc = await make();
      await oidc.upsert(someArtifact('DeviceCode', 'a', { uid: 'uid_1', userCode: 'BCDFGHJK' }));
      for (const [nowMs, count] of [
        [1_999, 1],
        [2_000, 0],
      ] as const) {
        const found = [
          await oidc.findByUid('DeviceCode', 'uid_1', nowMs),
          await oidc.findByUserCode('DeviceCode', 'BCDFGHJK', nowMs),
          ...(await oidc.ofPerson('DeviceCode', 'person_ann', nowMs)),
        ].filter((artifact) => artifact !== null && artifact !== undefined);
        expect(found).toHaveLength(count * 3);
      }
    });

    it('lets exactly one of 20 concurrent callers consume an artifact', async () => {
      const oidc = await make();
      await oidc.upsert(someArtifact('AuthorizationCode', 'a'));
      const consumed = await Promise.all(Array.from({ length: 20 }, () => oidc.consume('AuthorizationCode', 'a', 1_500)));
      expect(consumed.filter((first) => first)).toHaveLength(1);
      expect((await oidc.find('AuthorizationCode', 'a', 1_600))?.consumedAtMs).toBe(1_500);
    });

    it('does not consume what is unknown or expired', async () => {
      const oidc = await make();
      await oidc.upsert(someArtifact('AuthorizationCode', 'a'));
      expect(await oidc.consume('AuthorizationCode', 'a', 2_000)).toBe(false);
      expect(await oidc.consume('AuthorizationCode', 'b', 1_000)).toBe(false);
    });

    it('keeps an artifact consumed when the provider writes it again', async () => {
      const oidc = await make();
      await oidc.upsert(someArtifact('RefreshToken', 'a'));
      await oidc.consume('RefreshToken', 'a', 1_500);
      await oidc.upsert(someArtifact('RefreshToken', 'a', { payloadJson: '{}' }));
      expect(await oidc.find('RefreshToken', 'a', 1_600)).toMatchObject({ payloadJson: '{}', consumedAtMs: 1_500 });
      expect(await oidc.consume('RefreshToken', 'a', 1_700)).toBe(false);
    });

    it('destroys one artifact, and all of a grant', async () => {
      const oidc = await make();
      await oidc.upsert(someArtifact('AccessToken', 'a'));
      await oidc.upsert(someArtifact('RefreshToken', 'b'));
      await oidc.upsert(someArtifact('AccessToken', 'c', { grantId: 'grant_2' }));
      await oidc.destroy('AccessToken', 'c');
      await oidc.destroy('AccessToken', 'unknown');
      expect(await oidc.find('AccessToken', 'c', 1_000)).toBeNull();
      await oidc.upsert(someArtifact('AccessToken', 'd', { grantId: 'grant_2' }));
      await oidc.destroyByGrant('grant_1');
      expect(await oidc.find('AccessToken', 'a', 1_000)).toBeNull();
      expect(await oidc.find('RefreshToken', 'b', 1_000)).toBeNull();
      expect(await oidc.find('AccessToken', 'd', 1_000)).not.toBeNull();
    });

    it('lists live artifacts of a person of one model', async () => {
      const oidc = await make();
      await oidc.upsert(someArtifact('Session', 'b'));
      await oidc.upsert(someArtifact('Session', 'a'));
      await oidc.upsert(someArtifact('Session', 'old', { expiresAtMs: 1_000 }));
      await oidc.upsert(someArtifact('Session', 'bob', { personId: 'person_bob' }));
      await oidc.upsert(someArtifact('AccessToken', 'c'));
      expect((await oidc.ofPerson('Session', 'person_ann', 1_000)).map((artifact) => artifact.id)).toEqual(['a', 'b']);
    });

    it('lists live artifacts of a model by id, page by page', async () => {
      const oidc = await make();
      for (const id of ['c', 'a', 'b']) await oidc.upsert(someArtifact('Client', id, { expiresAtMs: null }));
      await oidc.upsert(someArtifact('Client', 'late', { expiresAtMs: 500 }));
      await oidc.upsert(someArtifact('Session', 'd'));
      const idsAfter = async (afterId: string | null, limit: number) =>
        (await oidc.ofModel('Client', { afterId, limit }, 1_000)).map(({ id }) => id);
      expect(await idsAfter(null, 2)).toEqual(['a', 'b']);
      expect(await idsAfter('b', 2)).toEqual(['c']);
      expect(await idsAfter('c', 2)).toEqual([]);
    });

    it('lists live artifacts of a client, of whatever model and whoever’s, and no more than asked', async () => {
      const oidc = await make();
      await oidc.upsert(someArtifact('Grant', 'a', { clientId: 'board' }));
      await oidc.upsert(someArtifact('AccessToken', 'b', { clientId: 'board', personId: null }));
      await oidc.upsert(someArtifact('AccessToken', 'c', { clientId: 'wiki' }));
      await oidc.upsert(someArtifact('RefreshToken', 'd', { clientId: 'board', expiresAtMs: 500 }));
      const found = await oidc.ofClient('board', 10, 1_000);
      expect(found.map(({ id, model }) => `${model} ${id}`)).toEqual(['AccessToken b', 'Grant a']);
      expect(await oidc.ofClient('board', 1, 1_000)).toHaveLength(1);
      expect(await oidc.ofClient('nobody', 10, 1_000)).toEqual([]);
    });

    it('destroys everything of a person and nothing of others, and counts it by model', async () => {
      const oidc = await make();
      await oidc.upsert(someArtifact('Session', 'a'));
      await oidc.upsert(someArtifact('AccessToken', 'b'));
      await oidc.upsert(someArtifact('AccessToken', 'c'));
      await oidc.upsert(someArtifact('Session', 'bob', { personId: 'person_bob' }));
      expect(await oidc.destroyOfPerson('person_ann')).toEqual({ Session: 1, AccessToken: 2 });
      expect(await oidc.ofPerson('Session', 'person_ann', 1_000)).toEqual([]);
      expect(await oidc.find('Session', 'bob', 1_000)).not.toBeNull();
      expect(await oidc.destroyOfPerson('person_ann')).toEqual({});
    });

    it('replaces the payload of what is stored as it was read, and nothing else of it', async () => {
      const oidc = await make();
      await oidc.upsert(someArtifact('Session', 'a', { uid: 'u' }));
      const change = { model: 'Session', id: 'a', from: '{"jti":"a"}', to: '{"jti":"b"}' };
      expect(await oidc.replacePayload(change)).toBe(true);
      expect(await oidc.find('Session', 'a', 1_999)).toEqual(someArtifact('Session', 'a', { uid: 'u', payloadJson: '{"jti":"b"}' }));
      expect(await oidc.replacePayload(change)).toBe(false);
    });

    it('does not bring back what was destroyed', async () => {
      const oidc = await make();
      const { payloadJson: from } = someArtifact('Session', 'a');
      await oidc.upsert(someArtifact('Session', 'a'));
      await oidc.destroyOfPerson('person_ann');
      expect(await oidc.replacePayload({ model: 'Session', id: 'a', from, to: '{}' })).toBe(false);
      expect(await oidc.find('Session', 'a', 1_000)).toBeNull();
    });

    it('refuses a replacement beyond the longest payload', async () => {
      const oidc = await make();
      const { payloadJson: from } = someArtifact('Session', 'a');
      await oidc.upsert(someArtifact('Session', 'a'));
      const longest = 'x'.repeat(OIDC_PAYLOAD_BYTES_MAX);
      const tooLong = oidc.replacePayload({ model: 'Session', id: 'a', from, to: `${longest}x` });
      await expect(tooLong).rejects.toMatchObject({ code: 'request.too_large' });
      expect(await oidc.replacePayload({ model: 'Session', id: 'a', from, to: longest })).toBe(true);
    });

    it('trims a model to as many as may stay, dropping what expires first', async () => {
      const oidc = await make();
      for (const [id, expiresAtMs] of [
        ['c', 2_000],
        ['a', 2_002],
        ['b', 2_001],
        ['for ever', null],
      ] as const) {
        await oidc.upsert(someArtifact('Interaction', id, { expiresAtMs }));
      }
      await oidc.upsert(someArtifact('Session', 'c', { expiresAtMs: 1_500 }));
      expect(await oidc.trim('Interaction', 4)).toBe(0);
      expect(await oidc.trim('Interaction', 2)).toBe(2);
      const left = await Promise.all(['a', 'b', 'c', 'for ever'].map((id) => oidc.find('Interaction', id, 1_000)));
      expect(left.map((artifact) => artifact?.id ?? null)).toEqual(['a', null, null, 'for ever']);
      expect(await oidc.find('Session', 'c', 1_000)).not.toBeNull();
    });

    it('sweeps expired artifacts, at most as many as asked', async () => {
      const oidc = await make();
      for (const id of ['a', 'b', 'c']) await oidc.upsert(someArtifact('AccessToken', id));
      await oidc.upsert(someArtifact('AccessToken', 'live', { expiresAtMs: 2_001 }));
      await oidc.upsert(someArtifact('Grant', 'for ever', { expiresAtMs: null }));
      expect(await oidc.sweep(2_000, 2)).toBe(2);
      expect(await oidc.sweep(2_000, 2)).toBe(1);
      expect(await oidc.sweep(2_000, 2)).toBe(0);
      expect(await oidc.find('AccessToken', 'live', 2_000)).not.toBeNull();
      expect(await oidc.find('Grant', 'for ever', 2_000)).not.toBeNull();
    });

    it('takes the longest payload, in bytes and not characters, and refuses a longer one', async () => {
      const oidc = await make();
      const longest = 'é'.repeat(OIDC_PAYLOAD_BYTES_MAX / 2);
      await oidc.upsert(someArtifact('Session', 'a', { payloadJson: longest }));
      expect((await oidc.find('Session', 'a', 1_000))?.payloadJson).toBe(longest);
      await expect(oidc.upsert(someArtifact('Session', 'b', { payloadJson: `${longest}x` }))).rejects.toMatchObject({
        code: 'request.too_large',
      });
    });
  });
}
