import { describe, expect, it } from 'vitest';
import type { Presence } from '#gateway/domain/presence/presence.ts';
import type { AreaId, SiteId } from '#gateway/domain/site/ids.ts';
import type { PresenceStore } from '#gateway/ports/presence-store.ts';
import { personId } from '#test/support/people.ts';

const LAB = 'area_lab' as AreaId;

const inLab = (name: string, change: Partial<Presence> = {}): Presence => ({
  personId: personId(name),
  state: 'inside',
  siteId: 'site_north' as SiteId,
  areaId: LAB,
  confidence: 'medium',
  observedAtMs: 1_700_000_000_000,
  sourceSeq: 10,
  ...change,
});

export function presenceStoreContract(name: string, make: () => Promise<PresenceStore>): void {
  describe(`PresenceStore: ${name}`, () => {
    it('returns a presence with every field as it was put', async () => {
      const presences = await make();
      expect(await presences.find(personId('ann'))).toBeNull();
      expect(await presences.put(inLab('ann'))).toBe(true);
      expect(await presences.find(personId('ann'))).toEqual(inLab('ann'));
    });

    it('keeps the newer by log sequence, whatever order they come in', async () => {
      const presences = await make();
      await presences.put(inLab('ann', { sourceSeq: 10 }));
      expect(await presences.put(inLab('ann', { sourceSeq: 9, state: 'outside', areaId: null }))).toBe(false);
      expect(await presences.put(inLab('ann', { sourceSeq: 10, state: 'outside', areaId: null }))).toBe(false);
      expect((await presences.find(personId('ann')))?.state).toBe('inside');
      expect(await presences.put(inLab('ann', { sourceSeq: 11, state: 'outside', areaId: null, siteId: null }))).toBe(true);
      expect(await presences.find(personId('ann'))).toMatchObject({ state: 'outside', areaId: null, siteId: null, sourceSeq: 11 });
    });

    it('lists who is in an area, and everybody', async () => {
      const presences = await make();
      await presences.put(inLab('bob'));
      await presences.put(inLab('ann'));
      await presences.put(inLab('cid', { areaId: 'area_hall' as AreaId }));
      expect((await presences.inArea(LAB)).map((presence) => presence.personId)).toEqual([personId('ann'), personId('bob')]);
      expect(await presences.list()).toHaveLength(3);
    });

    it('forgets everybody, and then takes any fact as new', async () => {
      const presences = await make();
      await presences.put(inLab('ann', { sourceSeq: 50 }));
      await presences.put(inLab('bob'));
      expect(await presences.clear()).toBe(2);
      expect(await presences.list()).toEqual([]);
      expect(await presences.put(inLab('ann', { sourceSeq: 1 }))).toBe(true);
    });

    it('ends with the newest of 20 concurrent facts', async () => {
      const presences = await make();
      await Promise.all(Array.from({ length: 20 }, (_, index) => presences.put(inLab('ann', { sourceSeq: ((index * 7) % 20) + 1 }))));
      expect((await presences.find(personId('ann')))?.sourceSeq).toBe(20);
    });
  });
}
