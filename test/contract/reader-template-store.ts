import { describe, expect, it } from 'vitest';
import type { ReaderTemplate } from '#gateway/domain/face/reader-match.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import type { ReaderTemplateStore } from '#gateway/ports/reader-template-store.ts';

const ANN = 'usr_ann' as PersonId;
const BEN = 'usr_ben' as PersonId;
const BYTES = Uint8Array.of(1, 2, 3, 4);
const template = (change: Partial<ReaderTemplate> = {}): ReaderTemplate => ({
  personId: ANN,
  type: 15,
  format: 2,
  enrolledAtMs: 1_000,
  expiresAtMs: 5_000,
  ...change,
});

export function readerTemplateStoreContract(name: string, make: (limits?: { templatesMax: number }) => Promise<ReaderTemplateStore>): void {
  describe(`ReaderTemplateStore: ${name}`, () => {
    it('gives a copy of what was kept, of this person, type and format alone', async () => {
      const templates = await make();
      const given = Uint8Array.from(BYTES);
      await templates.save(template(), given);
      given.fill(0);
      const found = await templates.find(ANN, template(), 1_000);
      expect(found).toEqual(BYTES);
      found?.fill(0);
      expect(await templates.find(ANN, template(), 1_000)).toEqual(BYTES);
      expect(await templates.find(BEN, template(), 1_000)).toBeNull();
      expect(await templates.find(ANN, { type: 14, format: 2 }, 1_000)).toBeNull();
      expect(await templates.find(ANN, { type: 15, format: 1 }, 1_000)).toBeNull();
    });

    it('gives none from its end on, and removes it then', async () => {
      const templates = await make();
      await templates.save(template(), BYTES);
      expect(await templates.find(ANN, template(), 4_999)).toEqual(BYTES);
      expect(await templates.find(ANN, template(), 5_000)).toBeNull();
      expect(await templates.removeExpired(4_999)).toBe(0);
      expect(await templates.removeExpired(5_000)).toBe(1);
      expect(await templates.find(ANN, template(), 1_000)).toBeNull();
    });

    it('replaces what was kept of the same type and format', async () => {
      const templates = await make();
      await templates.save(template(), BYTES);
      await templates.save(template({ enrolledAtMs: 2_000, expiresAtMs: 9_000 }), Uint8Array.of(9));
      expect(await templates.find(ANN, template(), 8_999)).toEqual(Uint8Array.of(9));
      expect(await templates.ofPerson(ANN)).toEqual([template({ enrolledAtMs: 2_000, expiresAtMs: 9_000 })]);
    });

    it('removes everything of a person, and nothing of others', async () => {
      const templates = await make();
      await templates.save(template(), BYTES);
      await templates.save(template({ type: 3 }), BYTES);
      await templates.save(template({ personId: BEN }), BYTES);
      expect(await templates.persons()).toEqual([ANN, BEN]);
      expect(await templates.remove(ANN)).toBe(2);
      expect(await templates.persons()).toEqual([BEN]);
      expect(await templates.ofPerson(ANN)).toEqual([]);
      expect(await templates.find(BEN, template(), 1_000)).toEqual(BYTES);
      expect(await templates.remove(ANN)).toBe(0);
    });

    it('lists whoever has one of a type and format, by person, a page at a time', async () => {
      const templates = await make();
      const people = ['usr_1', 'usr_2', 'usr_3'].map((id) => id as PersonId);
      for (const personId of people.toReversed()) await templates.save(template({ personId }), BYTES);
      await templates.save(template({ format: 1 }), BYTES);
      await templates.save(template({ type: 3, personId: BEN }), BYTES);
      const page = async (after: PersonId | null) =>
        (await templates.page(template(), { after, limit: 2 })).map(({ personId }) => personId);
      expect(await page(null)).toEqual(people.slice(0, 2));
      expect(await page(people[1] ?? null)).toEqual(people.slice(2));
      expect(await page(people[2] ?? null)).toEqual([]);
      expect(await templates.page({ type: 3, format: 2 }, { after: null, limit: 2 })).toEqual([template({ type: 3, personId: BEN })]);
    });

    it('keeps as many as it may', async () => {
      const templates = await make({ templatesMax: 2 });
      await templates.save(template(), BYTES);
      await templates.save(template({ personId: BEN }), BYTES);
      await expect(templates.save(template({ type: 3 }), BYTES)).rejects.toMatchObject({ code: 'store.conflict' });
      await templates.save(template(), Uint8Array.of(9));
      expect(await templates.find(ANN, template(), 1_000)).toEqual(Uint8Array.of(9));
    });
  });
}
