import { describe, expect, it } from 'vitest';
import type { Person } from '#gateway/domain/people/person.ts';
import type { Restriction } from '#gateway/domain/people/restriction.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import type { PeopleStore } from '#gateway/ports/people-store.ts';
import type { RestrictionStore } from '#gateway/ports/restriction-store.ts';
import { samplePerson } from '#test/support/sample-input.ts';

const person = (name: string): Person => ({ ...samplePerson, id: `usr_${name}` as PersonId, email: null });
const of = (name: string, change: Partial<Restriction> = {}): Restriction => ({
  personId: person(name).id,
  cause: 'face.mismatch',
  sinceMs: 1_000,
  untilMs: 5_000,
  ...change,
});

export function restrictionStoreContract(
  name: string,
  make: () => Promise<{ readonly people: PeopleStore; readonly restrictions: RestrictionStore }>,
): void {
  describe(`RestrictionStore: ${name}`, () => {
    const start = async () => {
      const { people, restrictions } = await make();
      for (const one of ['ann', 'ben', 'cleo']) await people.save(person(one));
      return restrictions;
    };

    it('keeps one of a person, the one that came last', async () => {
      const restrictions = await start();
      expect(await restrictions.find(person('ann').id)).toBeNull();
      await restrictions.put(of('ann'));
      expect(await restrictions.find(person('ann').id)).toEqual(of('ann'));
      await restrictions.put(of('ann', { untilMs: 9_000, cause: 'other' }));
      expect(await restrictions.find(person('ann').id)).toEqual(of('ann', { untilMs: 9_000, cause: 'other' }));
    });

    it('is about people who are known', async () => {
      const restrictions = await start();
      await expect(restrictions.put(of('nobody'))).rejects.toMatchObject({ code: 'resource.unknown' });
    });

    it('names those whose time is over at their very end, the oldest first and not more than asked for', async () => {
      const restrictions = await start();
      await restrictions.put(of('ann', { untilMs: 300 }));
      await restrictions.put(of('ben', { untilMs: 200 }));
      await restrictions.put(of('cleo', { untilMs: 301 }));
      expect((await restrictions.ended(300, 10)).map(({ personId }) => personId)).toEqual(['usr_ben', 'usr_ann']);
      expect((await restrictions.ended(300, 1)).map(({ personId }) => personId)).toEqual(['usr_ben']);
    });

    it('takes one away once, and none that was renewed meanwhile', async () => {
      const restrictions = await start();
      await restrictions.put(of('ann', { untilMs: 9_000 }));
      expect(await restrictions.remove(person('ann').id, 8_999)).toBe(false);
      expect(await restrictions.remove(person('ann').id, 9_000)).toBe(true);
      expect(await restrictions.remove(person('ann').id, 9_000)).toBe(false);
    });
  });
}
