import type { ReasonTexts } from '../../domain/access/reason-texts/reason-texts.ts';
import type { Language } from '../../domain/language.ts';

/** Of the languages that the API does not answer in: one table each, loaded by whoever shows it. */
const loaders: Readonly<Record<Exclude<Language, 'en'>, () => Promise<ReasonTexts>>> = {
  de: async () => (await import('../../domain/access/reason-texts/de.ts')).german,
  es: async () => (await import('../../domain/access/reason-texts/es.ts')).spanish,
};

/** Null for English: every answer of the API holds the English text itself. */
export async function loadReasonTexts(language: Language): Promise<ReasonTexts | null> {
  return language === 'en' ? null : loaders[language]();
}
