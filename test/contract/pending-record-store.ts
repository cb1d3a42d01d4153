import { describe, expect, it } from 'vitest';
import { PENDING_RECORDS_PAGE_MAX, type PendingRecord, type PendingRecordStore } from '#gateway/ports/pending-record-store.ts';

const pending = (id: string): PendingRecord => ({
  id,
  record: { type: 'system', occurredAtMs: 1, event: 'configuration_imported', detail: id },
});
const idsOf = async (store: PendingRecordStore): Promise<readonly string[]> =>
  (await store.list(PENDING_RECORDS_PAGE_MAX)).map(({ id }) => id);

export function pendingRecordStoreContract(name: string, make: () => Promise<PendingRecordStore>): void {
  describe(`PendingRecordStore: ${name}`, () => {
    it('gives the oldest first, as they were added', async () => {
      const store = await make();
      expect(await store.list(PENDING_RECORDS_PAGE_MAX)).toEqual([]);
      await store.add([pending('c'), pending('a')]);
      await store.add([pending('b')]);
      expect(await store.list(2)).toEqual([pending('c'), pending('a')]);
      expect(await idsOf(store)).toEqual(['c', 'a', 'b']);
    });

    it('forgets what is removed, and passes over what is not there', async () => {
      const store = await make();
      await store.add([pending('a'), pending('b')]);
      await store.remove(['a', 'nobody']);
      await store.remove([]);
      expect(await idsOf(store)).toEqual(['b']);
      await store.add([pending('a')]);
      expect(await idsOf(store)).toEqual(['b', 'a']);
    });

    it('adds all or none', async () => {
      const store = await make();
      await store.add([pending('a')]);
      await expect(store.add([pending('b'), pending('a')])).rejects.toMatchObject({ code: 'store.conflict' });
      await expect(store.add([pending('c'), pending('c')])).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await idsOf(store)).toEqual(['a']);
      await store.add([]);
    });

    it.each([PENDING_RECORDS_PAGE_MAX, PENDING_RECORDS_PAGE_MAX + 1])('takes %i at once and gives them in pages', async (count) => {
      const store = await make();
      await store.add(Array.from({ length: count }, (_, i) => pending(`p${i}`)));
      const page = await idsOf(store);
      expect(page).toHaveLength(PENDING_RECORDS_PAGE_MAX);
      expect(await store.list(PENDING_RECORDS_PAGE_MAX + 1)).toHaveLength(PENDING_RECORDS_PAGE_MAX);
      await store.remove(page);
      expect(await idsOf(store)).toEqual(
        Array.from({ length: count - PENDING_RECORDS_PAGE_MAX }, (_, i) => `p${PENDING_RECORDS_PAGE_MAX + i}`),
      );
    });
  });
}
