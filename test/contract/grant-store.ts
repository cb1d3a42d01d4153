import { describe, expect, it } from 'vitest';
import type { AccessProfile, Grant } from '#gateway/domain/people/person.ts';
import type { GrantId, ProfileId } from '#gateway/domain/site/ids.ts';
import type { GrantStore } from '#gateway/ports/grant-store.ts';

const someProfile = (name: string, change: Partial<AccessProfile> = {}): AccessProfile => ({
  id: `profile_${name}` as ProfileId,
  name: `Profile ${name}`,
  resources: [
    { kind: 'door', id: 'door_main' },
    { kind: 'app', id: 'app_wiki' },
  ],
  ...change,
});

const someGrant = (name: string, change: Partial<Grant> = {}): Grant => ({
  id: `grant_${name}` as GrantId,
  profileId: 'profile_staff' as ProfileId,
  holder: { kind: 'person', id: 'person_ann' },
  schedule: 'always',
  validFromMs: null,
  validUntilMs: null,
  reason: 'joined',
  ...change,
});

/** The limits are given, because the real ones take minutes to reach; one test checks at the maximum and one beyond. */
export const GRANT_TEST_LIMITS = { grantsMax: 3, profilesMax: 2 };

export function grantStoreContract(name: string, make: (limits?: typeof GRANT_TEST_LIMITS) => Promise<GrantStore>): void {
  describe(`GrantStore: ${name}`, () => {
    it('returns profiles and grants with every field as they were saved, by id', async () => {
      const grants = await make();
      const guest = someProfile('guest', { resources: [] });
      const limited = someGrant('1', {
        holder: { kind: 'group', id: 'night' },
        validFromMs: 1_700_000_000_000,
        validUntilMs: 1_800_000_000_000,
      });
      await grants.saveProfile(someProfile('staff'));
      await grants.saveProfile(guest);
      await grants.saveGrant(someGrant('2'));
      await grants.saveGrant(limited);
      expect(await grants.profiles()).toEqual([guest, someProfile('staff')]);
      expect(await grants.grants()).toEqual([limited, someGrant('2')]);
    });

    it('replaces a profile and a grant of the same id', async () => {
      const grants = await make();
      await grants.saveProfile(someProfile('staff'));
      await grants.saveProfile(someProfile('staff', { name: 'Everybody' }));
      await grants.saveGrant(someGrant('1'));
      await grants.saveGrant(someGrant('1', { reason: 'moved' }));
      expect((await grants.profiles()).map((profile) => profile.name)).toEqual(['Everybody']);
      expect((await grants.grants()).map((grant) => grant.reason)).toEqual(['moved']);
    });

    it('refuses a grant of a profile that does not exist', async () => {
      const grants = await make();
      await expect(grants.saveGrant(someGrant('1'))).rejects.toMatchObject({ code: 'resource.unknown' });
      expect(await grants.version()).toBe(0);
    });

    it('raises the version with every change and with nothing else', async () => {
      const grants = await make();
      await grants.saveProfile(someProfile('staff'));
      expect(await grants.version()).toBe(1);
      await grants.saveGrant(someGrant('1'));
      expect(await grants.version()).toBe(2);
      expect(await grants.removeGrant('grant_unknown' as GrantId)).toBe(false);
      expect(await grants.version()).toBe(2);
      expect(await grants.removeGrant('grant_1' as GrantId)).toBe(true);
      expect(await grants.version()).toBe(3);
      expect(await grants.grants()).toEqual([]);
    });

    it('takes as many profiles and grants as allowed and not one more; a stored one can still change', async () => {
      const grants = await make(GRANT_TEST_LIMITS);
      await grants.saveProfile(someProfile('staff'));
      await grants.saveProfile(someProfile('2'));
      await expect(grants.saveProfile(someProfile('3'))).rejects.toMatchObject({ code: 'store.conflict' });
      await grants.saveProfile(someProfile('2', { name: 'Renamed' }));
      for (const number of ['1', '2', '3']) await grants.saveGrant(someGrant(number));
      await expect(grants.saveGrant(someGrant('4'))).rejects.toMatchObject({ code: 'store.conflict' });
      await grants.saveGrant(someGrant('3', { reason: 'moved' }));
      expect(await grants.profiles()).toHaveLength(2);
      expect(await grants.grants()).toHaveLength(3);
      expect(await grants.version()).toBe(7);
    });
  });
}
