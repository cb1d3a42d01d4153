import { GatewayError } from '#gateway/domain/errors.ts';
import type { Restriction } from '#gateway/domain/people/restriction.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import type { PeopleStore } from '#gateway/ports/people-store.ts';
import type { RestrictionStore } from '#gateway/ports/restriction-store.ts';

export function createMemoryRestrictionStore(people: Pick<PeopleStore, 'find'>): RestrictionStore {
  const restrictions = new Map<PersonId, Restriction>();
  return {
    put: async (restriction) => {
      if ((await people.find(restriction.personId)) === null) throw new GatewayError('resource.unknown', 'This person is not known.');
      restrictions.set(restriction.personId, restriction);
    },
    find: async (personId) => restrictions.get(personId) ?? null,
    ended: async (nowMs, limit) =>
      [...restrictions.values()]
        .filter(({ untilMs }) => untilMs <= nowMs)
        .sort((a, b) => a.untilMs - b.untilMs || (a.personId < b.personId ? -1 : 1))
        .slice(0, limit),
    remove: async (personId, untilMs) => {
      const found = restrictions.get(personId);
      if (found === undefined || found.untilMs > untilMs) return false;
      return restrictions.delete(personId);
    },
  };
}
