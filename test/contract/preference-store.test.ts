import { expect, it } from 'vitest';
import { createMemoryPreferenceStore } from '#adapters/memory/preference-store.ts';
import { createSqlPreferenceStore } from '#adapters/sql/preference-store.ts';
import { personId } from '#test/support/people.ts';
import { openTemporaryRecords } from '#test/support/sqlite-records.ts';
import { preferenceStoreContract } from './preference-store.ts';

preferenceStoreContract('memory', async () => createMemoryPreferenceStore());
preferenceStoreContract('sqlite', async () => createSqlPreferenceStore(await openTemporaryRecords()));

it('takes a language of a later release for none', async () => {
  const db = await openTemporaryRecords();
  await db
    .insertInto('person_preferences')
    .values({ person_id: personId('ann'), language: 'fr' })
    .execute();
  expect(await createSqlPreferenceStore(db).languageOf(personId('ann'))).toBeNull();
});
