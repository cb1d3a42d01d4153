import { describe, expect, it } from 'vitest';
import type { EnrolledTemplate } from '#gateway/domain/face/enrolled-template.ts';
import type { FaceDeviceId, PersonId } from '#gateway/domain/site/ids.ts';
import type { FaceTemplateStore } from '#gateway/ports/face-template-store.ts';

const FRONT = 'fdv_front' as FaceDeviceId;
const BACK = 'fdv_back' as FaceDeviceId;
const ANN = 'usr_ann' as PersonId;
const template = (id: string, change: Partial<EnrolledTemplate> = {}): EnrolledTemplate => ({
  id,
  personId: ANN,
  deviceId: FRONT,
  storage: 'terminal',
  packHash: 'a'.repeat(64),
  enrolledAtMs: 1_000,
  expiresAtMs: 9_000,
  deletionOrderedAtMs: null,
  status: 'kept',
  endedAtMs: null,
  receipt: null,
  ...change,
});

export function faceTemplateStoreContract(name: string, make: (limits?: { templatesMax: number }) => Promise<FaceTemplateStore>): void {
  describe(`FaceTemplateStore: ${name}`, () => {
    it('returns an entry with every field as it was added, once', async () => {
      const templates = await make();
      const carried = template('tpl_a', { storage: 'carried', receipt: 'x.y.z', endedAtMs: 7, status: 'deleted' });
      await templates.add(carried);
      expect(await templates.find('tpl_a')).toEqual(carried);
      expect(await templates.find('tpl_b')).toBeNull();
      await expect(templates.add(template('tpl_a'))).rejects.toMatchObject({ code: 'store.conflict' });
    });

    it('takes what the same terminal kept of the same person for replaced, and nothing else', async () => {
      const templates = await make();
      await templates.add(template('tpl_a'));
      await templates.add(template('tpl_back', { deviceId: BACK }));
      await templates.add(template('tpl_ben', { personId: 'usr_ben' as PersonId }));
      await templates.add(template('tpl_b', { enrolledAtMs: 2_000 }));
      expect((await templates.ofPerson(ANN)).map(({ endedAtMs, id, status }) => [id, status, endedAtMs])).toEqual([
        ['tpl_b', 'kept', null],
        ['tpl_back', 'kept', null],
        ['tpl_a', 'replaced', 2_000],
      ]);
    });

    it('leaves everything as it was when one more is too many', async () => {
      const templates = await make({ templatesMax: 2 });
      await templates.add(template('tpl_a'));
      await templates.add(template('tpl_b', { deviceId: BACK }));
      await expect(templates.add(template('tpl_c', { enrolledAtMs: 2_000 }))).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await templates.find('tpl_a')).toEqual(template('tpl_a'));
      expect(await templates.find('tpl_c')).toBeNull();
    });

    it('marks one as deleted once, by the word of the terminal that keeps it', async () => {
      const templates = await make();
      await templates.add(template('tpl_a'));
      const deletion = { deviceId: FRONT, atMs: 5_000, receipt: 'signed' };
      expect(await templates.markDeleted('tpl_a', { ...deletion, deviceId: BACK })).toBe(false);
      expect(await templates.markDeleted('tpl_a', deletion)).toBe(true);
      expect(await templates.markDeleted('tpl_a', { ...deletion, receipt: 'another' })).toBe(false);
      expect(await templates.find('tpl_a')).toEqual(template('tpl_a', { status: 'deleted', endedAtMs: 5_000, receipt: 'signed' }));
    });

    it('keeps when a deletion was ordered, once, and lists it until it is done', async () => {
      const templates = await make();
      await templates.add(template('tpl_a'));
      await templates.add(template('tpl_b', { deviceId: BACK }));
      expect(await templates.orderDeletion('tpl_b', 300)).toBe(true);
      expect(await templates.orderDeletion('tpl_a', 400)).toBe(true);
      expect(await templates.orderDeletion('tpl_a', 500)).toBe(false);
      expect(await templates.orderDeletion('tpl_none', 500)).toBe(false);
      expect(await templates.openDeletions()).toEqual([
        template('tpl_b', { deviceId: BACK, deletionOrderedAtMs: 300 }),
        template('tpl_a', { deletionOrderedAtMs: 400 }),
      ]);
      await templates.markDeleted('tpl_b', { deviceId: BACK, atMs: 600, receipt: 'signed' });
      expect((await templates.openDeletions()).map(({ id }) => id)).toEqual(['tpl_a']);
      expect(await templates.orderDeletion('tpl_b', 700)).toBe(false);
    });

    it('lists what one terminal keeps itself and may go on using', async () => {
      const templates = await make();
      const of = (name: string) => ({ personId: `usr_${name}` as PersonId });
      await templates.add(template('tpl_a'));
      await templates.add(template('tpl_b', of('ben')));
      await templates.add(template('tpl_c', { ...of('cid'), storage: 'carried' }));
      await templates.add(template('tpl_d', { ...of('dan'), deviceId: BACK }));
      await templates.add(template('tpl_e', of('eve')));
      await templates.add(template('tpl_f', { ...of('eve'), enrolledAtMs: 2_000 }));
      await templates.orderDeletion('tpl_b', 300);
      expect((await templates.keptBy(FRONT)).map(({ id }) => id)).toEqual(['tpl_a', 'tpl_f']);
    });

    it('pages through all, the latest first', async () => {
      const templates = await make();
      await templates.add(template('tpl_a', { deviceId: BACK }));
      await templates.add(template('tpl_b'));
      await templates.add(template('tpl_c', { enrolledAtMs: 500, personId: 'usr_ben' as PersonId }));
      const first = await templates.page({ before: null, limit: 2 });
      expect(first.map(({ id }) => id)).toEqual(['tpl_b', 'tpl_a']);
      const last = first.at(-1) ?? null;
      expect((await templates.page({ before: last, limit: 2 })).map(({ id }) => id)).toEqual(['tpl_c']);
    });

    it('counts what each terminal keeps, and what of it is past its time', async () => {
      const templates = await make();
      await templates.add(template('tpl_a'));
      await templates.add(template('tpl_b', { personId: 'usr_ben' as PersonId, expiresAtMs: 2_000 }));
      await templates.add(template('tpl_c', { deviceId: BACK }));
      await templates.markDeleted('tpl_c', { deviceId: BACK, atMs: 1, receipt: 'signed' });
      await templates.add(template('tpl_d', { personId: 'usr_cid' as PersonId, storage: 'carried' }));
      expect(await templates.counts(1_999)).toEqual([{ deviceId: FRONT, kept: 2, expired: 0 }]);
      expect(await templates.counts(2_000)).toEqual([{ deviceId: FRONT, kept: 2, expired: 1 }]);
    });
  });
}
