import { describe, expect, it } from 'vitest';
import type { Presence } from '#gateway/domain/presence/presence.ts';
import type { AreaId, SiteId } from '#gateway/domain/site/ids.ts';
import type { CredentialStore } from '#gateway/ports/credential-store.ts';
import type { HoldingsStore } from '#gateway/ports/holdings-store.ts';
import { PEOPLE_PAGE_MAX, type PeopleStore } from '#gateway/ports/people-store.ts';
import type { PresenceStore } from '#gateway/ports/presence-store.ts';
import { personId, someBadge, somePasskey, somePerson, somePin } from '#test/support/people.ts';

export interface HoldingsStores {
  readonly people: PeopleStore;
  readonly credentials: CredentialStore;
  readonly presences: PresenceStore;
  readonly holdings: HoldingsStore;
}

const presence: Presence = {
  personId: personId('ann'),
  state: 'inside',
  siteId: 'hq' as SiteId,
  areaId: 'lab' as AreaId,
  confidence: 'high',
  observedAtMs: 1_000,
  sourceSeq: 7,
};

export function holdingsStoreContract(name: string, make: () => Promise<HoldingsStores>): void {
  describe(`HoldingsStore: ${name}`, () => {
    it('gives each person with what is theirs and nobody else’s', async () => {
      const { people, credentials, presences, holdings } = await make();
      for (const who of ['ann', 'ben', 'cyd']) await people.save(somePerson(who));
      await credentials.saveBadge(someBadge('2', { personId: personId('ann') }));
      await credentials.saveBadge(someBadge('1', { personId: personId('ann'), status: 'lost' }));
      await credentials.savePin(somePin('ann'));
      await credentials.addPasskey(somePasskey('1', { personId: personId('ben') }));
      await presences.put(presence);
      expect(await holdings.page({ after: null, limit: 10 })).toEqual([
        {
          person: somePerson('ann'),
          badges: [someBadge('1', { personId: personId('ann'), status: 'lost' }), someBadge('2', { personId: personId('ann') })],
          hasPin: true,
          hasPasskey: false,
          presence,
        },
        { person: somePerson('ben'), badges: [], hasPin: false, hasPasskey: true, presence: null },
        { person: somePerson('cyd'), badges: [], hasPin: false, hasPasskey: false, presence: null },
      ]);
    });

    it('finds one person as it lists them, and nobody where there is none', async () => {
      const { people, credentials, presences, holdings } = await make();
      for (const who of ['ann', 'ben', 'cyd']) await people.save(somePerson(who));
      await credentials.saveBadge(someBadge('2', { personId: personId('ann') }));
      await credentials.saveBadge(someBadge('1', { personId: personId('ann'), status: 'lost', validFromMs: 5, validUntilMs: 9 }));
      await credentials.savePin(somePin('ann'));
      await credentials.addPasskey(somePasskey('1', { personId: personId('ben') }));
      await presences.put(presence);
      for (const listed of await holdings.page({ after: null, limit: 10 })) {
        expect(await holdings.find(listed.person.id)).toEqual(listed);
        expect(await holdings.findUnderEpoch(listed.person.id)).toEqual({ epoch: 0, holdings: listed });
        const { person, presence: of } = listed;
        expect(await holdings.findPerson(person.id)).toEqual({ epoch: 0, person, presence: of });
      }
      expect(await holdings.find(personId('dan'))).toBeNull();
      expect(await holdings.findUnderEpoch(personId('dan'))).toEqual({ epoch: 0, holdings: null });
      expect(await holdings.findPerson(personId('dan'))).toEqual({ epoch: 0, person: null, presence: null });
    });

    it('tells with a person the epoch that their facts are of', async () => {
      const { people, holdings } = await make();
      await people.save(somePerson('ann'));
      const { epoch } = await people.changeStanding({ personId: personId('ann'), to: 'suspended', nowMs: 1 });
      expect(await holdings.findUnderEpoch(personId('ann'))).toMatchObject({ epoch, holdings: { person: { standing: 'suspended' } } });
      expect(await holdings.findUnderEpoch(personId('dan'))).toEqual({ epoch, holdings: null });
      expect(await holdings.findPerson(personId('ann'))).toMatchObject({ epoch, person: { standing: 'suspended' } });
      expect(await holdings.findPerson(personId('dan'))).toEqual({ epoch, person: null, presence: null });
    });

    it('counts a PIN or passkey only while it is in use', async () => {
      const { people, credentials, holdings } = await make();
      await people.save(somePerson('ann'));
      await credentials.savePin(somePin('ann', { status: 'revoked' }));
      await credentials.addPasskey(somePasskey('1', { status: 'lost' }));
      expect(await holdings.page({ after: null, limit: 1 })).toMatchObject([{ hasPin: false, hasPasskey: false }]);
    });

    it('goes on after the last person of the page before, and ends with an empty page', async () => {
      const { people, holdings } = await make();
      for (const who of ['cyd', 'ann', 'ben']) await people.save(somePerson(who));
      const idsAfter = async (after: string | null) =>
        (await holdings.page({ after: after === null ? null : personId(after), limit: 2 })).map(({ person }) => person.id);
      expect(await idsAfter(null)).toEqual([personId('ann'), personId('ben')]);
      expect(await idsAfter('ben')).toEqual([personId('cyd')]);
      expect(await idsAfter('cyd')).toEqual([]);
    });

    it('gives at most one page of people', async () => {
      const { people, holdings } = await make();
      for (let index = 0; index <= PEOPLE_PAGE_MAX; index += 1) await people.save(somePerson(String(index)));
      expect(await holdings.page({ after: null, limit: PEOPLE_PAGE_MAX })).toHaveLength(PEOPLE_PAGE_MAX);
      expect(await holdings.page({ after: null, limit: PEOPLE_PAGE_MAX + 1 })).toHaveLength(PEOPLE_PAGE_MAX);
    });
  });
}
