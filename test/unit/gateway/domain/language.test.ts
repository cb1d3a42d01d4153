import { expect, it } from 'vitest';
import { chooseLanguage } from '#gateway/domain/language.ts';

it.each([
  [['de'], 'de'],
  [['de-AT', 'en'], 'de'],
  [['ES-419'], 'es'],
  [['fr-FR', 'es-ES', 'de'], 'es'],
  [['fr'], 'en'],
  [['deu'], 'en'],
  [[''], 'en'],
  [[], 'en'],
])('takes of %j the language %s', (wanted, language) => {
  expect(chooseLanguage(wanted)).toBe(language);
});
