import type { ReasonTexts } from '../../domain/access/reason-texts/reason-texts.ts';
import type { Language } from '../../domain/language.ts';

/** One table each, loaded by whoever shows it. */
const loaders: Readonly<Record<Language, () => Promise<ReasonTexts>>> = {
  en: async () => (await import('../../domain/access/reason-texts/en.ts')).english,
  de: async () => (await import('../../domain/access/reason-texts/de.ts')).german,
  es: async () => (await import('../../domain/access/reason-texts/es.ts')).spanish,
};

/** The reasons by code, for answers that carry codes only or are shown in another language than English. */
export function loadReasonTexts(language: Language): Promise<ReasonTexts> {
  return loaders[language]();
}
