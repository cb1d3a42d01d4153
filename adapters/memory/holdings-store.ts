import type { Person } from '#gateway/domain/people/person.ts';
import type { CredentialStore } from '#gateway/ports/credential-store.ts';
import type { Holdings, HoldingsStore } from '#gateway/ports/holdings-store.ts';
import type { PeopleStore } from '#gateway/ports/people-store.ts';
import type { PresenceStore } from '#gateway/ports/presence-store.ts';

interface Stores {
  readonly people: PeopleStore;
  readonly credentials: CredentialStore;
  readonly presences: PresenceStore;
}

export function createMemoryHoldingsStore({ people, credentials, presences }: Stores): HoldingsStore {
  const holdingsOf = async (person: Person): Promise<Holdings> => ({
    person,
    badges: await credentials.badgesOf(person.id),
    hasPin: (await credentials.pinOf(person.id))?.status === 'active',
    hasPasskey: (await credentials.passkeysOf(person.id)).some(({ status }) => status === 'active'),
    presence: await presences.find(person.id),
  });
  const findUnderEpoch: HoldingsStore['findUnderEpoch'] = async (personId) => {
    const [epoch, person] = [await people.epoch(), await people.find(personId)];
    return { epoch, holdings: person === null ? null : await holdingsOf(person) };
  };
  return {
    find: async (personId) => (await findUnderEpoch(personId)).holdings,
    findUnderEpoch,
    findPerson: async (personId) => {
      const { epoch, holdings } = await findUnderEpoch(personId);
      return { epoch, person: holdings?.person ?? null, presence: holdings?.presence ?? null };
    },
    page: async (page) => Promise.all((await people.list(page)).map(holdingsOf)),
  };
}
