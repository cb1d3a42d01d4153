import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { LANGUAGES as PORTAL_LANGUAGES } from '#gateway/http/contract/language.ts';

interface PageLanguage {
  readonly LANGUAGES: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly NAMES: Readonly<Record<string, string>>;
  readonly startLanguage: (wanted: readonly string[]) => string;
  readonly textOf: (language: string, key: string, values?: Readonly<Record<string, unknown>>) => string | null;
}
const PAGE = new URL('../../../face-model/terminal/page/', import.meta.url);
// The page's own script: a browser takes it as it is, and no compiler looks at it.
const { LANGUAGES, NAMES, startLanguage, textOf } = (await import(new URL('language.js', PAGE).href)) as PageLanguage;
const placesIn = (text: string): readonly string[] => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

it('has every text in every language of the portal, with the same places for values', () => {
  expect(Object.keys(LANGUAGES).sort()).toEqual([...PORTAL_LANGUAGES].sort());
  expect(Object.keys(NAMES).sort()).toEqual([...PORTAL_LANGUAGES].sort());
  const { en = {}, ...others } = LANGUAGES;
  for (const texts of Object.values(others)) {
    expect(Object.keys(texts).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(texts)) expect([key, placesIn(text)]).toEqual([key, placesIn(en[key] ?? '')]);
  }
});

it('has a text for whatever the page and the terminal name', async () => {
  const html = await readFile(new URL('kiosk.html', PAGE), 'utf8');
  const script = await readFile(new URL('kiosk.js', PAGE), 'utf8');
  const named = [...html.matchAll(/data-(?:text|label)="([\w.]+)"/g), ...script.matchAll(/(?<![A-Za-z])text\('([\w.]+)'/g)].map(
    ([, key]) => key ?? '',
  );
  const says = [
    'look',
    'one_person',
    'turn_left',
    'turn_right',
    'blink',
    'open_mouth',
    'come_closer',
    'too_far',
    'not_facing',
    'head_tilted',
  ];
  const more = ['covered', 'eyes_closed', 'too_dark', 'too_bright', 'back_light', 'blurred'];
  const lasts = [
    'recognised',
    'not_recognised',
    'enrolled',
    'enrolled_alike',
    'enrolled_card',
    'enrolled_phone',
    'no_code',
    'not_enrolled',
  ];
  const keys = [...named, ...[...says, ...more].map((key) => `say.${key}`), ...lasts.map((key) => `last.${key}`)];
  expect(keys.length).toBeGreaterThan(25);
  expect(keys.filter((key) => textOf('en', key) === null)).toEqual([]);
});

it.each([
  [['de-AT', 'en'], 'de'],
  [['fr', 'es-MX'], 'es'],
  [['fr'], 'en'],
  [[], 'en'],
] as const)('begins for a browser that asks for %s in %s', (wanted, language) => {
  expect(startLanguage(wanted)).toBe(language);
});

it('puts values where they belong', () => {
  expect(textOf('de', 'progress', { say: 'Bitte stillhalten', taken: 2, of: 5 })).toBe('Bitte stillhalten (2 von 5)');
  expect(textOf('de', 'last.null')).toBeNull();
});
