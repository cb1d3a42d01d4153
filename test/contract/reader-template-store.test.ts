import { expect, it } from 'vitest';
import { createMemoryReaderTemplateStore } from '#adapters/memory/reader-template-store.ts';
import { createSqlReaderTemplateStore } from '#adapters/sql/reader-template-store.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { readerTemplateStoreContract } from './reader-template-store.ts';

const KEY = new Uint8Array(32).fill(7);
readerTemplateStoreContract('memory', async (limits) => createMemoryReaderTemplateStore(limits));
readerTemplateStoreContract('sqlite', async (limits) => createSqlReaderTemplateStore(await openTemporaryRecords(), KEY, limits));

it('keeps nothing in clear, and opens no row that was copied to another person or changed', async () => {
  const db = await openTemporaryRecords();
  const templates = createSqlReaderTemplateStore(db, KEY);
  const kind = { type: 15, format: 2 };
  const bytes = Uint8Array.from({ length: 64 }, (_, index) => index + 1);
  const [ann, eve] = ['usr_ann' as PersonId, 'usr_eve' as PersonId];
  for (const personId of [ann, eve]) await templates.save({ personId, ...kind, enrolledAtMs: 1, expiresAtMs: 9 }, bytes);
  const row = await db.selectFrom('reader_templates').selectAll().where('person_id', '=', ann).executeTakeFirstOrThrow();
  for (const kept of [row.sealed, row.sealed_key]) expect(Buffer.from(kept).includes(Buffer.from(bytes.subarray(0, 8)))).toBe(false);

  const { sealed, sealed_key } = row;
  await db.updateTable('reader_templates').set({ sealed, sealed_key }).where('person_id', '=', eve).execute();
  await expect(templates.find(eve, kind, 1)).rejects.toMatchObject({ code: 'secret.unavailable' });
  const otherKey = createSqlReaderTemplateStore(db, new Uint8Array(32).fill(8));
  await expect(otherKey.find(ann, kind, 1)).rejects.toMatchObject({ code: 'secret.unavailable' });
  for (const at of [0, 1, 20, sealed.length - 1]) {
    const broken = Uint8Array.from(sealed);
    broken[at] = (broken[at] ?? 0) ^ 1;
    await db.updateTable('reader_templates').set({ sealed: broken }).where('person_id', '=', ann).execute();
    await expect(templates.find(ann, kind, 1)).rejects.toMatchObject({ code: 'secret.unavailable' });
  }
});
