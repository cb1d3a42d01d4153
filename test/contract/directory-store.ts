import { describe, expect, it } from 'vitest';
import type { DirectoryAccount, DirectoryGroup, GroupMember } from '#gateway/domain/people/group.ts';
import { EXTERNAL_ID_OWNERS_MAX, type DirectoryStore } from '#gateway/ports/directory-store.ts';
import type { PeopleStore } from '#gateway/ports/people-store.ts';
import { personId, somePerson } from '#test/support/people.ts';

const someAccount = (name: string, change: Partial<DirectoryAccount> = {}): DirectoryAccount => ({
  personId: personId(name),
  userName: `${name}@corp.test`,
  externalId: null,
  createdAtMs: 1_000,
  modifiedAtMs: 2_000,
  ...change,
});

const someGroup = (id: string, members: readonly GroupMember[] = [], change: Partial<DirectoryGroup> = {}): DirectoryGroup => ({
  id,
  displayName: `Group ${id}`,
  externalId: null,
  members,
  createdAtMs: 1_000,
  modifiedAtMs: 2_000,
  version: 1,
  ...change,
});

const person = (name: string): GroupMember => ({ kind: 'person', id: personId(name) });
const group = (id: string): GroupMember => ({ kind: 'group', id });

export function directoryStoreContract(
  name: string,
  make: (groupsMax?: number) => Promise<{ readonly store: DirectoryStore; readonly people: PeopleStore }>,
): void {
  describe(`DirectoryStore, accounts: ${name}`, () => {
    it('saves person and account together and finds them by user name in any case, external id and person', async () => {
      const { people, store } = await make();
      const account = someAccount('ann', { userName: 'Ann@Corp.test', externalId: 'hr-1' });
      await store.saveUser(somePerson('ann'), account);
      expect(await store.accountByUserName('ANN@corp.TEST')).toEqual(account);
      expect(await store.accountsByExternalId('hr-1')).toEqual([account]);
      expect(await store.accountsByExternalId('HR-1')).toEqual([]);
      expect(await store.accounts([personId('ann'), personId('bob')])).toEqual(new Map([[personId('ann'), account]]));
      expect(await people.find(personId('ann'))).toEqual(somePerson('ann'));
    });

    it('finds everybody who has an external id, the oldest first, as many as allowed', async () => {
      const { store } = await make();
      for (let index = 0; index <= EXTERNAL_ID_OWNERS_MAX; index += 1) {
        const name = `p${String(index).padStart(3, '0')}`;
        await store.saveUser(somePerson(name), someAccount(name, { externalId: '42', createdAtMs: 9_000 - index }));
      }
      const found = await store.accountsByExternalId('42');
      expect(found).toHaveLength(EXTERNAL_ID_OWNERS_MAX);
      expect(found.slice(0, 2).map((account) => account.personId)).toEqual([personId('p100'), personId('p099')]);
    });

    it('refuses a user name of another person and changes nothing of either', async () => {
      const { people, store } = await make();
      await store.saveUser(somePerson('ann'), someAccount('ann'));
      await store.saveUser(somePerson('bob'), someAccount('bob'));
      const stolen = store.saveUser(somePerson('bob', { displayName: 'Bobby' }), someAccount('bob', { userName: 'ANN@corp.test' }));
      await expect(stolen).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await people.find(personId('bob'))).toEqual(somePerson('bob'));
      expect(await store.accountByUserName('ann@corp.test')).toMatchObject({ personId: personId('ann') });
    });

    it('refuses an e-mail of another person', async () => {
      const { store } = await make();
      await store.saveUser(somePerson('ann'), someAccount('ann'));
      const stolen = store.saveUser(somePerson('bob', { email: 'ann@example.test' }), someAccount('bob'));
      await expect(stolen).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await store.accountByUserName('bob@corp.test')).toBeNull();
    });

    it('forgets an account that is taken away, and the name is free', async () => {
      const { people, store } = await make();
      await store.saveUser(somePerson('ann'), someAccount('ann'));
      await store.saveUser(somePerson('ann', { email: null }), null);
      expect(await store.accountByUserName('ann@corp.test')).toBeNull();
      expect(await people.find(personId('ann'))).toMatchObject({ email: null, version: 2 });
      await store.saveUser(somePerson('bob'), someAccount('bob', { userName: 'ann@corp.test' }));
    });
  });

  describe(`DirectoryStore, groups: ${name}`, () => {
    it('keeps a group with its members, raises its version and pages by id', async () => {
      const { store } = await make();
      await store.saveGroup(someGroup('b'), []);
      await store.saveGroup(someGroup('a', [person('ann'), group('b')], { externalId: 'x' }), []);
      await store.saveGroup(someGroup('a', [group('b'), person('bob')], { modifiedAtMs: 3_000 }), []);
      const stored = await store.group('a');
      expect(stored).toMatchObject({ displayName: 'Group a', externalId: null, version: 2, modifiedAtMs: 3_000 });
      expect(new Set(stored?.members)).toEqual(new Set([group('b'), person('bob')]));
      expect((await store.groups({ after: null, limit: 1 })).map(({ id }) => id)).toEqual(['a']);
      expect((await store.groups({ after: 'a', limit: 5 })).map(({ id }) => id)).toEqual(['b']);
      expect(await store.group('c')).toBeNull();
      expect(await store.groupsWith(group('b'))).toEqual(['a']);
      expect(await store.groupsWith(person('ann'))).toEqual([]);
      expect(await store.nesting()).toEqual(
        new Map([
          ['a', [group('b')]],
          ['b', []],
        ]),
      );
      expect(await store.membersOf(['b', 'c'])).toEqual(new Map([['b', []]]));
    });

    it('changes the groups of people with the membership, and leaves what they have from elsewhere', async () => {
      const { people, store } = await make();
      await people.save(somePerson('ann', { groups: ['night-shift'] }));
      await store.saveGroup(someGroup('a', [person('ann'), person('gone')]), [
        { personId: personId('ann'), added: ['a'], removed: [] },
        { personId: personId('gone'), added: ['a'], removed: [] },
      ]);
      expect(await people.find(personId('ann'))).toMatchObject({ groups: ['night-shift', 'a'], version: 2 });
      await store.saveGroup(someGroup('a'), [{ personId: personId('ann'), added: [], removed: ['a'] }]);
      expect(await people.find(personId('ann'))).toMatchObject({ groups: ['night-shift'], version: 3 });
    });

    it('removes a group, also from the groups that it is in', async () => {
      const { people, store } = await make();
      await people.save(somePerson('ann', { groups: ['a', 'b'] }));
      await store.saveGroup(someGroup('b', [person('ann')]), []);
      await store.saveGroup(someGroup('a', [group('b')]), []);
      await store.removeGroup('b', [{ personId: personId('ann'), added: [], removed: ['a', 'b'] }]);
      expect(await store.group('b')).toBeNull();
      expect(await store.group('a')).toMatchObject({ members: [], version: 2 });
      expect(await people.find(personId('ann'))).toMatchObject({ groups: [] });
    });

    it('keeps as many groups as allowed and refuses one more', async () => {
      const { store } = await make(2);
      await store.saveGroup(someGroup('a'), []);
      await store.saveGroup(someGroup('b'), []);
      await expect(store.saveGroup(someGroup('c'), [])).rejects.toMatchObject({ code: 'store.conflict' });
      await store.saveGroup(someGroup('b'), []);
    });
  });
}
