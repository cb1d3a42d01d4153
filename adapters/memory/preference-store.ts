import type { Language } from '#gateway/domain/language.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import type { PreferenceStore } from '#gateway/ports/preference-store.ts';

export function createMemoryPreferenceStore(): PreferenceStore {
  const languages = new Map<PersonId, Language>();
  return {
    languageOf: async (personId) => languages.get(personId) ?? null,
    setLanguage: async (personId, language) => {
      if (language === null) languages.delete(personId);
      else languages.set(personId, language);
    },
  };
}
