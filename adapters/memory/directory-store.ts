import { GatewayError } from '#gateway/domain/errors.ts';
import { relabel, type DirectoryAccount, type DirectoryGroup, type LabelChange } from '#gateway/domain/people/group.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { DIRECTORY_GROUPS_MAX, EXTERNAL_ID_OWNERS_MAX, GROUPS_PAGE_MAX, type DirectoryStore } from '#gateway/ports/directory-store.ts';
import type { PeopleStore } from '#gateway/ports/people-store.ts';

const nameKey = (userName: string): string => userName.toLowerCase();

export function createMemoryDirectoryStore(people: PeopleStore, groupsMax = DIRECTORY_GROUPS_MAX): DirectoryStore {
  const accounts = new Map<PersonId, DirectoryAccount>();
  const groups = new Map<string, DirectoryGroup>();
  const byUserName = (userName: string): DirectoryAccount | null =>
    [...accounts.values()].find((account) => nameKey(account.userName) === nameKey(userName)) ?? null;

  const apply = async (labels: readonly LabelChange[]): Promise<void> => {
    for (const change of labels) {
      const person = await people.find(change.personId);
      if (person !== null) await people.save({ ...person, groups: relabel(person.groups, change) });
    }
  };

  return {
    accounts: async (ids) => {
      const found = ids.flatMap((id) => accounts.get(id) ?? []);
      return new Map(found.map((account) => [account.personId, account]));
    },
    accountByUserName: async (userName) => byUserName(userName),
    accountsByExternalId: async (externalId) => {
      const found = [...accounts.values()].filter((account) => account.externalId === externalId);
      return found.sort((a, b) => a.createdAtMs - b.createdAtMs || (a.personId < b.personId ? -1 : 1)).slice(0, EXTERNAL_ID_OWNERS_MAX);
    },
    saveUser: async (person, account) => {
      const owner = account === null ? null : byUserName(account.userName);
      if (owner !== null && owner.personId !== person.id)
        throw new GatewayError('store.conflict', 'The user name belongs to another person.');
      await people.save(person);
      if (account === null) accounts.delete(person.id);
      else accounts.set(person.id, account);
    },
    group: async (id) => groups.get(id) ?? null,
    groups: async ({ after, limit }) =>
      [...groups.values()]
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .filter(({ id }) => after === null || id > after)
        .slice(0, Math.min(limit, GROUPS_PAGE_MAX))
        .map(({ members: _, ...head }) => head),
    membersOf: async (ids) => new Map(ids.flatMap((id) => (groups.has(id) ? [[id, groups.get(id)?.members ?? []]] : []))),
    groupsWith: async (member) =>
      [...groups.values()]
        .filter(({ members }) => members.some(({ kind, id }) => kind === member.kind && id === member.id))
        .map(({ id }) => id)
        .sort(),
    nesting: async () => new Map([...groups.values()].map(({ id, members }) => [id, members.filter(({ kind }) => kind === 'group')])),
    saveGroup: async (group, labels) => {
      const stored = groups.get(group.id);
      if (stored === undefined && groups.size >= groupsMax) throw new GatewayError('store.conflict', 'There are too many groups.');
      groups.set(group.id, { ...group, version: (stored?.version ?? 0) + 1 });
      await apply(labels);
    },
    removeGroup: async (id, labels) => {
      groups.delete(id);
      for (const [other, group] of groups) {
        const members = group.members.filter((member) => member.kind !== 'group' || member.id !== id);
        if (members.length < group.members.length) groups.set(other, { ...group, members, version: group.version + 1 });
      }
      await apply(labels);
    },
  };
}
