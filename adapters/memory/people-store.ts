import { GatewayError } from '#gateway/domain/errors.ts';
import type { Person } from '#gateway/domain/people/person.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { PEOPLE_PAGE_MAX, PEOPLE_SAVED_MAX, type PeopleStore } from '#gateway/ports/people-store.ts';

/** E-mail addresses are compared without case: one person must not exist twice as `Ann@` and `ann@`. */
const emailKey = (email: string): string => email.toLowerCase();

export function createMemoryPeopleStore(): PeopleStore {
  const people = new Map<PersonId, Person>();
  const idOfEmail = new Map<string, PersonId>();
  let epoch = 0;
  const inOrder = (): readonly Person[] => [...people.values()].sort((a, b) => (a.id < b.id ? -1 : 1));

  const save = (person: Person): void => {
    const holder = person.email === null ? undefined : idOfEmail.get(emailKey(person.email));
    if (holder !== undefined && holder !== person.id) {
      throw new GatewayError('store.conflict', 'The e-mail address belongs to another person.');
    }
    const stored = people.get(person.id);
    if (stored !== undefined && stored.email !== null) idOfEmail.delete(emailKey(stored.email));
    if (person.email !== null) idOfEmail.set(emailKey(person.email), person.id);
    people.set(person.id, {
      ...person,
      standing: stored?.standing ?? person.standing,
      version: (stored?.version ?? 0) + 1,
    });
  };

  return {
    find: async (id) => people.get(id) ?? null,
    findByEmail: async (email) => {
      const id = idOfEmail.get(emailKey(email));
      return id === undefined ? null : (people.get(id) ?? null);
    },
    list: async ({ after, limit }) =>
      inOrder()
        .filter((person) => after === null || person.id > after)
        .slice(0, Math.min(limit, PEOPLE_PAGE_MAX)),
    save: async (person) => save(person),
    saveAll: async (all) => {
      if (all.length > PEOPLE_SAVED_MAX) throw new TypeError(`more than ${String(PEOPLE_SAVED_MAX)} people`);
      const [before, emailsBefore] = [new Map(people), new Map(idOfEmail)];
      try {
        all.forEach(save);
      } catch (failure) {
        people.clear();
        idOfEmail.clear();
        for (const [id, person] of before) people.set(id, person);
        for (const [email, id] of emailsBefore) idOfEmail.set(email, id);
        throw failure;
      }
    },
    changeStanding: async ({ personId, to, expectedVersion }) => {
      const person = people.get(personId);
      if (person === undefined) throw new GatewayError('resource.unknown', 'There is no such person.');
      if (expectedVersion !== undefined && person.version !== expectedVersion) {
        throw new GatewayError('store.conflict', 'The person was changed meanwhile.');
      }
      people.set(personId, { ...person, standing: to, version: person.version + 1 });
      epoch += 1;
      return { from: person.standing, epoch };
    },
    epoch: async () => epoch,
    listByStanding: async (standing) => inOrder().filter((person) => person.standing === standing),
  };
}
