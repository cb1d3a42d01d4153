import { expect, it } from 'vitest';
import { keptLanguage, localeOf, startLanguage } from '#admin-ui/src/shared/i18n/language-choice.ts';

it('begins in the language that was chosen in this browser, whatever the browser prefers', () => {
  expect(startLanguage('a=1; gatehouse_language=es; b=2', ['de-DE'])).toBe('es');
});

it('begins in the browser’s language when none was chosen', () => {
  expect(startLanguage('a=1', ['de-AT', 'en'])).toBe('de');
});

it.each(['gatehouse_language=fr', 'gatehouse_language=', 'xgatehouse_language=de', ''])(
  'takes no language from the cookies “%s”',
  (cookies) => {
    expect(keptLanguage(cookies)).toBeNull();
  },
);

it('writes dates as the browser’s region does, when it is one of the language', () => {
  expect(localeOf('de', ['en-US', 'de-AT'])).toBe('de-AT');
  expect(localeOf('es', ['en-US', 'est'])).toBe('es');
});
