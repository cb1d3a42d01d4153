import { z } from 'zod';
import { LANGUAGES } from '../../domain/language.ts';

export { chooseLanguage, isLanguage, LANGUAGES, type Language } from '../../domain/language.ts';

/** The languages of people's pages. */
export const languageSchema = z.enum(LANGUAGES);

/** Where a browser keeps the choice, so that the pages that the gateway renders follow it: a language's code. */
export const LANGUAGE_COOKIE = 'gatehouse_language';
