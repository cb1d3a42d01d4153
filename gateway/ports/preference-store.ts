import type { Language } from '../domain/language.ts';
import type { PersonId } from '../domain/site/ids.ts';

/** What people prefer. Nothing of it decides about access. */
export interface PreferenceStore {
  /** Null = as the browser says. */
  languageOf(personId: PersonId): Promise<Language | null>;
  setLanguage(personId: PersonId, language: Language | null): Promise<void>;
}
