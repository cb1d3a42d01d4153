import { chooseLanguage, isLanguage, LANGUAGE_COOKIE, type Language } from '#gateway/http/contract/language.ts';

/** The language that was chosen in this browser, or else the first of the browser's own that there are texts in. */
export function startLanguage(cookies: string, browserLanguages: readonly string[]): Language {
  return keptLanguage(cookies) ?? chooseLanguage(browserLanguages);
}

export function keptLanguage(cookies: string): Language | null {
  const value = cookies
    .split('; ')
    .find((cookie) => cookie.startsWith(`${LANGUAGE_COOKIE}=`))
    ?.slice(LANGUAGE_COOKIE.length + 1);
  return isLanguage(value) ? value : null;
}

/** For dates and numbers: with the region that the browser names beside the language, so that Austria and Argentina keep their ways. */
export function localeOf(language: Language, browserLanguages: readonly string[]): string {
  return browserLanguages.find((tag) => tag.toLowerCase() === language || tag.toLowerCase().startsWith(`${language}-`)) ?? language;
}
