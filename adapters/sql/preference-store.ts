import type { Kysely } from 'kysely';
import { z } from 'zod';
import { LANGUAGES } from '#gateway/domain/language.ts';
import type { PreferenceStore } from '#gateway/ports/preference-store.ts';
import { PLACEHOLDER, preparedQuery } from './prepared-query.ts';
import { storeCall } from './store-call.ts';
import type { RecordsTables } from './tables.ts';

/** A language that this release does not have is none: the browser's counts. */
const languageField = z.enum(LANGUAGES).nullable().catch(null);

export function createSqlPreferenceStore(db: Kysely<RecordsTables>): PreferenceStore {
  const select = preparedQuery(db, db.selectFrom('person_preferences').select('language').where('person_id', '=', PLACEHOLDER));
  return {
    languageOf: (personId) => storeCall(async () => languageField.parse((await select(personId))[0]?.language ?? null)),
    setLanguage: (personId, language) =>
      storeCall(async () => {
        if (language === null) {
          await db.deleteFrom('person_preferences').where('person_id', '=', personId).execute();
          return;
        }
        await db
          .insertInto('person_preferences')
          .values({ person_id: personId, language })
          .onConflict((conflict) => conflict.column('person_id').doUpdateSet({ language }))
          .execute();
      }),
  };
}
