import { useEffect, useMemo, type ReactNode } from 'react';
import { isLanguage, type Language } from '#gateway/http/contract/language.ts';
import { WordsContext } from '../ui/words.ts';
import { createTexts, i18n } from './i18n.ts';
import { localeOf } from './language-choice.ts';
import { peopleWords } from './people-words.ts';
import { loadedTables, loadTables, type Tables } from './tables.ts';

/** The tables come with the frame's texts: a page that has the one has the other, and no half of a language is ever shown. */
async function withTables<Texts>(language: Language, texts: Promise<Texts>): Promise<Texts> {
  await loadTables(language);
  return texts;
}

export const useFrameTexts = createTexts('frame', {
  en: () => withTables('en', import('./frame-texts/en.ts')),
  de: () => withTables('de', import('./frame-texts/de.ts')),
  es: () => withTables('es', import('./frame-texts/es.ts')),
});

/** The language in force; the hooks of the texts draw the page anew when it changes. */
export function currentLanguage(): Language {
  return isLanguage(i18n.language) ? i18n.language : 'en';
}

/** Around people's pages, which are in their language. The console is in English. */
export function PeopleProvider({ children }: { children: ReactNode }) {
  const t = useFrameTexts();
  const language = currentLanguage();
  const tables = tablesOf(language);
  const words = useMemo(() => peopleWords(t, localeOf(language, navigator.languages), tables), [t, language, tables]);
  useEffect(() => {
    document.documentElement.lang = language;
    return () => {
      document.documentElement.lang = 'en';
    };
  }, [language]);
  return <WordsContext value={words}>{children}</WordsContext>;
}

/** Below the provider, which waits for them. */
export function tablesOf(language: Language): Tables {
  const tables = loadedTables(language);
  if (tables === undefined) throw new TypeError(`the texts in ${language} have not come`);
  return tables;
}
