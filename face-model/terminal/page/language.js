import { texts as de } from './texts/de.js';
import { texts as en } from './texts/en.js';
import { texts as es } from './texts/es.js';

/** As the portal has them. Each is complete: a test sees to it. */
export const LANGUAGES = { en, de, es };
export const NAMES = { en: 'English', de: 'Deutsch', es: 'Español' };

/** The first that this browser asks for, English otherwise. */
export function startLanguage(wanted) {
  const codes = wanted.map((tag) => tag.split('-')[0]?.toLowerCase() ?? '');
  return codes.find((code) => Object.hasOwn(LANGUAGES, code)) ?? 'en';
}

/** `{{name}}` in a text is the value of that name. Null: there is no such text. */
export function textOf(language, key, values = {}) {
  if (!Object.hasOwn(LANGUAGES[language], key)) return null;
  return LANGUAGES[language][key].replaceAll(/\{\{(\w+)\}\}/g, (_match, name) => String(values[name]));
}
