import { useEffect, type ReactNode } from 'react';
import type { Language } from '#gateway/http/contract/language.ts';
import { startLanguage } from '../shared/i18n/language-choice.ts';
import { DoorFrame } from '../shared/ui/door-frame.tsx';
import { ENGLISH_WORDS, WordsContext } from '../shared/ui/words.ts';
import { lostTexts } from './lost-texts.ts';

/** The console is in English; everything else is in the language of the person. */
export const lostLanguage = (): Language =>
  location.pathname.startsWith('/console') ? 'en' : startLanguage(document.cookie, navigator.languages);

/** Where another page was meant to be. It loads nothing. */
export function LostFrame({ children, title }: { title: string; children: ReactNode }) {
  const language = lostLanguage();
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <WordsContext value={{ ...ENGLISH_WORDS, locale: language, oneGate: lostTexts[language].oneGate }}>
      <DoorFrame title={title}>{children}</DoorFrame>
    </WordsContext>
  );
}
