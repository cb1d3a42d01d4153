import { describe, expect, it } from 'vitest';
import type { Standing } from '#gateway/domain/people/person.ts';
import { PEOPLE_PAGE_MAX, PEOPLE_SAVED_MAX, type PeopleStore } from '#gateway/ports/people-store.ts';
import { personId, somePerson } from '#test/support/people.ts';

const ann = somePerson('ann');

export function peopleStoreContract(name: string, make: () => Promise<PeopleStore>): void {
  describe(`PeopleStore: ${name}`, () => {
    it('returns a person with every field as it was saved', async () => {
      const people = await make();
      const full = somePerson('ann', { employmentEndMs: 1_800_000_000_000, accessibility: true, groups: [], email: null });
      await people.save(full);
      expect(await people.find(full.id)).toEqual(full);
    });

    it('knows nobody at the beginning', async () => {
      const people = await make();
      expect(await people.find(personId('nobody'))).toBeNull();
      expect(await people.findByEmail('nobody@example.test')).toBeNull();
      expect(await people.list({ after: null, limit: 10 })).toEqual([]);
      expect(await people.epoch()).toBe(0);
    });

    it('finds by e-mail without regard to case, and no longer under the address of before', async () => {
      const people = await make();
      await people.save({ ...ann, email: 'Ann@Example.test' });
      expect((await people.findByEmail('aNN@example.TEST'))?.email).toBe('Ann@Example.test');
      await people.save({ ...ann, email: 'new@example.test' });
      expect(await people.findByEmail('ann@example.test')).toBeNull();
      expect((await people.findByEmail('new@example.test'))?.id).toBe(ann.id);
    });

    it('refuses an e-mail of another person in any case, and changes nothing', async () => {
      const people = await make();
      await people.save(ann);
      await expect(people.save(somePerson('bob', { email: 'ANN@example.test' }))).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await people.find(personId('bob'))).toBeNull();
    });

    it('lets many people have no e-mail', async () => {
      const people = await make();
      await people.save(somePerson('ann', { email: null }));
      await people.save(somePerson('bob', { email: null }));
      expect(await people.list({ after: null, limit: 10 })).toHaveLength(2);
    });

    it('replaces everything but the standing, and raises the version', async () => {
      const people = await make();
      await people.save(ann);
      await people.changeStanding({ personId: ann.id, to: 'suspended', nowMs: 5 });
      await people.save({ ...ann, displayName: 'Ann B.', clearance: 5, standing: 'active' });
      expect(await people.find(ann.id)).toMatchObject({ displayName: 'Ann B.', clearance: 5, standing: 'suspended', version: 3 });
    });

    it('saves many as each alone, up to the most of a call', async () => {
      const people = await make();
      await people.save(ann);
      await people.changeStanding({ personId: ann.id, to: 'suspended', nowMs: 5 });
      const many = Array.from({ length: PEOPLE_SAVED_MAX - 1 }, (_, index) => somePerson(String(index)));
      await people.saveAll([...many, { ...ann, displayName: 'Ann B.' }]);
      expect(await people.find(ann.id)).toMatchObject({ displayName: 'Ann B.', standing: 'suspended', version: 3 });
      expect(await people.find(personId(String(PEOPLE_SAVED_MAX - 2)))).toMatchObject({ version: 1 });
      await expect(people.saveAll([...many, ann, somePerson('bob')])).rejects.toThrow(TypeError);
      await people.saveAll([]);
    });

    it('saves nobody where one of many has the e-mail of another', async () => {
      const people = await make();
      await people.save(ann);
      const all = [somePerson('bob'), { ...ann, displayName: 'Ann B.' }, somePerson('cid', { email: ann.email })];
      await expect(people.saveAll(all)).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await people.find(personId('bob'))).toBeNull();
      expect(await people.find(ann.id)).toMatchObject({ displayName: ann.displayName, version: 1 });
      expect((await people.findByEmail(ann.email ?? ''))?.id).toBe(ann.id);
    });

    it('pages by id, and never returns more than the most of a page', async () => {
      const people = await make();
      for (let index = 0; index <= PEOPLE_PAGE_MAX; index += 1) await people.save(somePerson(String(index).padStart(4, '0')));
      const first = await people.list({ after: null, limit: PEOPLE_PAGE_MAX + 1 });
      expect(first).toHaveLength(PEOPLE_PAGE_MAX);
      expect((await people.list({ after: first.at(-1)?.id ?? null, limit: 10 })).map((person) => person.id)).toEqual([
        personId(String(PEOPLE_PAGE_MAX).padStart(4, '0')),
      ]);
    });

    it('raises the epoch with every change of standing, of anybody', async () => {
      const people = await make();
      await people.save(ann);
      await people.save(somePerson('bob'));
      expect(await people.changeStanding({ personId: ann.id, to: 'suspended', nowMs: 5 })).toEqual({ from: 'active', epoch: 1 });
      expect(await people.changeStanding({ personId: personId('bob'), to: 'departed', nowMs: 6 })).toEqual({ from: 'active', epoch: 2 });
      expect(await people.changeStanding({ personId: ann.id, to: 'active', nowMs: 7 })).toEqual({ from: 'suspended', epoch: 3 });
      expect(await people.epoch()).toBe(3);
    });

    it('fences anew when the standing is that already', async () => {
      const people = await make();
      await people.save(ann);
      await people.changeStanding({ personId: ann.id, to: 'suspended', nowMs: 5 });
      expect(await people.changeStanding({ personId: ann.id, to: 'suspended', nowMs: 6 })).toEqual({ from: 'suspended', epoch: 2 });
      expect((await people.find(ann.id))?.version).toBe(3);
    });

    it('changes a standing only at the version that is expected', async () => {
      const people = await make();
      await people.save(ann);
      const change = { personId: ann.id, to: 'suspended' as const, nowMs: 5 };
      await expect(people.changeStanding({ ...change, expectedVersion: 2 })).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await people.epoch()).toBe(0);
      expect(await people.changeStanding({ ...change, expectedVersion: 1 })).toEqual({ from: 'active', epoch: 1 });
      await expect(people.changeStanding({ ...change, to: 'active', expectedVersion: 1 })).rejects.toMatchObject({
        code: 'store.conflict',
      });
      expect((await people.find(ann.id))?.standing).toBe('suspended');
    });

    it('refuses to change the standing of nobody', async () => {
      const people = await make();
      const change = { personId: personId('nobody'), to: 'suspended' as const, nowMs: 5 };
      await expect(people.changeStanding(change)).rejects.toMatchObject({ code: 'resource.unknown' });
      expect(await people.epoch()).toBe(0);
    });

    it('gives each of 20 concurrent changes an epoch of its own', async () => {
      const people = await make();
      const standings: readonly Standing[] = ['suspended', 'restricted'];
      for (let index = 0; index < 20; index += 1) await people.save(somePerson(String(index)));
      const changes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          people.changeStanding({ personId: personId(String(index)), to: standings[index % 2] ?? 'suspended', nowMs: 5 }),
        ),
      );
      expect(changes.map((change) => change.epoch).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    });

    it('lists people of one standing, by id', async () => {
      const people = await make();
      for (const name of ['cid', 'ann', 'bob']) await people.save(somePerson(name));
      await people.changeStanding({ personId: personId('cid'), to: 'suspended', nowMs: 5 });
      await people.changeStanding({ personId: personId('ann'), to: 'suspended', nowMs: 6 });
      expect((await people.listByStanding('suspended')).map((person) => person.id)).toEqual([personId('ann'), personId('cid')]);
      expect((await people.listByStanding('active')).map((person) => person.id)).toEqual([personId('bob')]);
    });
  });
}
