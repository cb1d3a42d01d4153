import type { IncomingHttpHeaders } from 'node:http';
import { chooseLanguage, findLanguage, isLanguage, type Language } from '../../domain/language.ts';
import { LANGUAGE_COOKIE } from '../../http/contract/language.ts';
import { german } from './texts/de.ts';
import { english } from './texts/en.ts';
import { spanish } from './texts/es.ts';
import type { PageTexts } from './texts/page-texts.ts';

/** Languages that are read of a request; a browser names a handful. */
export const WANTED_LANGUAGES_MAX = 16;

export const pageTexts: Readonly<Record<Language, PageTexts>> = { en: english, de: german, es: spanish };

/** What the person chose on any page of this gateway; else what the app asks for; else what the browser says. */
export function pageLanguage(headers: IncomingHttpHeaders, uiLocales: unknown = undefined): Language {
  const chosen = chosenLanguage(headers.cookie ?? '');
  if (chosen !== null) return chosen;
  return askedLanguage(uiLocales) ?? chooseLanguage(acceptedLanguages(headers['accept-language'] ?? ''));
}

/** OIDC Core 3.1.2.1: the first of the app's languages that there are texts in; null = it asks for none of them. */
export function askedLanguage(uiLocales: unknown): Language | null {
  const asked = typeof uiLocales === 'string' ? uiLocales.split(' ').slice(0, WANTED_LANGUAGES_MAX) : [];
  return findLanguage(asked);
}

function chosenLanguage(cookies: string): Language | null {
  const pair = cookies.split(';').find((part) => part.trim().startsWith(`${LANGUAGE_COOKIE}=`));
  const value = pair?.trim().slice(LANGUAGE_COOKIE.length + 1);
  return isLanguage(value) ? value : null;
}

/** RFC 9110 12.5.4: by weight, best first; what has none weighs 1, and what weighs 0 is not wanted. */
function acceptedLanguages(header: string): readonly string[] {
  return header
    .split(',')
    .slice(0, WANTED_LANGUAGES_MAX)
    .map((part) => {
      const [tag = '', weight = ''] = part.split(';').map((text) => text.trim());
      return { tag, weight: weight.startsWith('q=') ? Number(weight.slice(2)) : 1 };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag);
}
