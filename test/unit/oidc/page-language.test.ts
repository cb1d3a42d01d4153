import { describe, expect, it } from 'vitest';
import { askedLanguage, pageLanguage, pageTexts, WANTED_LANGUAGES_MAX } from '#gateway/oidc/pages/page-language.ts';

const accept = (language: string) => ({ 'accept-language': language });

describe('the language of a page that the gateway renders', () => {
  it.each([
    ['de-DE,de;q=0.9,en;q=0.8', 'de'],
    ['fr;q=0.9, es-MX;q=0.8, en;q=0.2', 'es'],
    ['en;q=0.1, de;q=0.5', 'de'],
    ['de;q=0, es', 'es'],
    ['de;q=never', 'en'],
    ['*', 'en'],
    ['', 'en'],
  ])('is for a browser that accepts “%s” %s', (header, language) => {
    expect(pageLanguage(accept(header))).toBe(language);
  });

  it('is what the app asks for before what the browser says, and what the person chose before both', () => {
    expect(pageLanguage(accept('de'), 'fr es')).toBe('es');
    expect(pageLanguage({ ...accept('de'), cookie: 'a=b; gatehouse_language=en' }, 'es')).toBe('en');
    expect(pageLanguage({ ...accept('de'), cookie: 'gatehouse_language=<script>' }, ['es'])).toBe('de');
  });

  it('is of an app that asks for one that there are texts in', () => {
    expect([askedLanguage('fr de-CH es'), askedLanguage('fr'), askedLanguage(''), askedLanguage(undefined), askedLanguage(['de'])]).toEqual(
      ['de', null, null, null, null],
    );
  });

  it('reads so many wishes of a request, and not one more', () => {
    const wishes = (count: number) => [...Array.from({ length: count - 1 }, () => 'fr'), 'de'];
    expect(pageLanguage(accept(wishes(WANTED_LANGUAGES_MAX).join(',')))).toBe('de');
    expect(pageLanguage(accept(wishes(WANTED_LANGUAGES_MAX + 1).join(',')))).toBe('en');
    expect(pageLanguage({}, wishes(WANTED_LANGUAGES_MAX + 1).join(' '))).toBe('en');
  });
});

it.each(['de', 'es'] as const)('says everything in %s in other words than in English, with the app’s name where it belongs', (language) => {
  for (const [key, english] of Object.entries(pageTexts.en)) {
    const text = pageTexts[language][key as keyof typeof pageTexts.en];
    if (typeof english === 'string') {
      if (key !== 'code' || language !== 'de') expect(text, key).not.toBe(english);
    } else {
      expect(typeof text === 'string' ? text : text('WIKI'), key).toContain('WIKI');
    }
  }
});
