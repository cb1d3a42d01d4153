import { describe, expect, it } from 'vitest';
import { EMPTY_DOCUMENT, type PolicyDocument } from '#gateway/domain/policy/data/items.ts';
import type { GrantStore } from '#gateway/ports/grant-store.ts';
import type { GrantId, ProfileId } from '#gateway/domain/site/ids.ts';
import type { DataVersion } from '#gateway/domain/policy/data/version.ts';
import type { PolicyDataStore } from '#gateway/ports/policy-data-store.ts';

export interface Stores {
  readonly store: PolicyDataStore;
  readonly grants: GrantStore;
}

const document: PolicyDocument = {
  ...EMPTY_DOCUMENT,
  profiles: { office: { name: 'Office', resources: [{ kind: 'door', id: 'main' }] } },
  grants: {
    g1: {
      profileId: 'office',
      holder: { kind: 'group', id: 'staff' },
      schedule: 'nights',
      validFromMs: null,
      validUntilMs: 5,
      reason: 'r',
    },
  },
  schedules: { nights: { name: 'Nights', windows: [{ weekdays: [1], from: '22:00', until: '06:00' }], onHolidays: false } },
  threats: { global: { level: 1, untilMs: null, note: '' } },
};

export const someDataVersion = (version: number): DataVersion => ({
  version,
  atMs: 1_000 + version,
  operatorId: 'otto',
  origin: 'edited',
  reason: 'because',
  changes: [{ part: 'grants', id: 'g1', kind: 'added' }],
  changeCount: 1,
  opens: true,
  decisionId: 'dec_1',
});

export function policyDataStoreContract(
  name: string,
  make: (limits: { versionsMax: number; grantsMax: number; profilesMax: number }) => Promise<Stores>,
): void {
  const LIMITS = { versionsMax: 3, grantsMax: 2, profilesMax: 2 };
  const commit = async ({ store }: Stores, next: PolicyDocument): Promise<number> => {
    const from = await store.current();
    expect(await store.commit({ from, document: next, entry: someDataVersion(from.version + 1) })).toBe(true);
    return from.version + 1;
  };

  describe(`PolicyDataStore: ${name}`, () => {
    it('begins with version 0, which is empty', async () => {
      const { store } = await make(LIMITS);
      expect(await store.current()).toEqual({ version: 0, document: EMPTY_DOCUMENT, grantsVersion: 0, isRecorded: true });
      expect(await store.at(0)).toEqual(EMPTY_DOCUMENT);
      expect(await store.versions({ before: null, limit: 10 })).toEqual([]);
    });

    it('makes a committed document the current one, grants and profiles included', async () => {
      const stores = await make(LIMITS);
      await commit(stores, document);
      const current = await stores.store.current();
      expect(current).toMatchObject({ version: 1, document, isRecorded: true });
      expect(current.grantsVersion).toBe(await stores.grants.version());
      expect((await stores.grants.grants()).map(({ id }) => id)).toEqual(['g1']);
      expect(await stores.store.versions({ before: null, limit: 10 })).toEqual([someDataVersion(1)]);
    });

    it('keeps every version as it was', async () => {
      const stores = await make(LIMITS);
      await commit(stores, document);
      await commit(stores, { ...document, grants: {}, profiles: {}, threats: {} });
      expect(await stores.store.at(1)).toEqual(document);
      expect(await stores.store.at(2)).toEqual({ ...EMPTY_DOCUMENT, schedules: document.schedules });
      expect(await stores.grants.profiles()).toEqual([]);
      expect(await stores.store.at(9)).toBeNull();
    });

    it('replaces what changed in a profile and in a grant', async () => {
      const stores = await make(LIMITS);
      await commit(stores, document);
      const profiles = { office: { name: 'Office', resources: [{ kind: 'app' as const, id: 'mail' }] } };
      const grants = { g1: { ...document.grants['g1'], schedule: 'always' } as PolicyDocument['grants'][string] };
      await commit(stores, { ...document, profiles, grants });
      expect((await stores.store.current()).document).toEqual({ ...document, profiles, grants });
    });

    it('refuses a second commit from the same version', async () => {
      const stores = await make(LIMITS);
      const from = await stores.store.current();
      await commit(stores, document);
      expect(await stores.store.commit({ from, document: EMPTY_DOCUMENT, entry: someDataVersion(1) })).toBe(false);
      expect((await stores.store.current()).document).toEqual(document);
    });

    it('lets one of two simultaneous commits win', async () => {
      const { store } = await make(LIMITS);
      const from = await store.current();
      const results = await Promise.all([1, 2].map(() => store.commit({ from, document, entry: someDataVersion(1) }).catch(() => false)));
      expect(results.filter(Boolean)).toHaveLength(1);
    });

    it('says that grants were changed beside it, and refuses what was made before', async () => {
      const stores = await make(LIMITS);
      await commit(stores, document);
      const from = await stores.store.current();
      await stores.grants.saveGrant({
        id: 'g2' as GrantId,
        profileId: 'office' as ProfileId,
        holder: { kind: 'role', id: 'guard' },
        schedule: 'always',
        validFromMs: null,
        validUntilMs: null,
        reason: '',
      });
      const now = await stores.store.current();
      expect(now.isRecorded).toBe(false);
      expect(Object.keys(now.document.grants)).toEqual(['g1', 'g2']);
      expect(await stores.store.commit({ from, document, entry: someDataVersion(2) })).toBe(false);
    });

    it('pages from the newest to the oldest and forgets those beyond its limit', async () => {
      const stores = await make(LIMITS);
      for (let level = 1; level <= 4; level += 1)
        await commit(stores, { ...document, threats: { global: { level, untilMs: null, note: '' } } });
      const versions = async (before: number | null) => (await stores.store.versions({ before, limit: 2 })).map(({ version }) => version);
      expect(await versions(null)).toEqual([4, 3]);
      expect(await versions(3)).toEqual([2]);
      expect(await stores.store.at(1)).toBeNull();
      expect((await stores.store.at(2))?.threats['global']?.level).toBe(2);
    });

    it('takes as many grants as there may be and not one more', async () => {
      const stores = await make(LIMITS);
      const grant = document.grants['g1'];
      if (grant === undefined) throw new TypeError('the sample has a grant');
      await commit(stores, { ...document, grants: { g1: grant, g2: grant } });
      const from = await stores.store.current();
      const more = { ...document, grants: { g1: grant, g2: grant, g3: grant } };
      await expect(stores.store.commit({ from, document: more, entry: someDataVersion(2) })).rejects.toMatchObject({
        code: 'store.conflict',
      });
    });
  });
}
