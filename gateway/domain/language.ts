/** The languages of everything that people read outside the console. */
export const LANGUAGES = ['en', 'de', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

export function isLanguage(text: unknown): text is Language {
  return LANGUAGES.some((language) => language === text);
}

/** The first of the wanted languages (BCP 47 tags, best first) that there are texts in, whatever its region. */
export function findLanguage(wanted: readonly string[]): Language | null {
  for (const tag of wanted) {
    const [primary] = tag.toLowerCase().split('-');
    if (isLanguage(primary)) return primary;
  }
  return null;
}

/** English when there is none. */
export const chooseLanguage = (wanted: readonly string[]): Language => findLanguage(wanted) ?? 'en';
