import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../../../../admin-ui/src', import.meta.url));
/** Every folder that holds texts: a new one is tried without being named here. */
const folders = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => /texts\/de\.ts$/.test(path) && !path.includes('problem-texts'))
  .map((path) => `${src}/${path.replace(/\/de\.ts$/, '')}`);

type Texts = Readonly<Record<string, string>>;
const load = async (folder: string, language: string): Promise<Texts> =>
  ((await import(`${folder}/${language}.ts`)) as { readonly texts: Texts }).texts;
const placeholdersOf = (text = ''): readonly string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name).toSorted();

/** The same in both languages, and rightly so. */
const SAME_WORDS = /^(\{\{name\}\}|VPN|Passkeys?|Name|App|Apps|Start)$/;

it('finds the texts of every feature', () => {
  expect(folders.length).toBeGreaterThanOrEqual(5);
});

describe.each(folders)('%s', (folder) => {
  it.each(['de', 'es'])('says in %s the same things with the same places for names, in other words', async (language) => {
    const [english, translated] = await Promise.all([load(folder, 'en'), load(folder, language)]);
    expect(Object.keys(translated)).toEqual(Object.keys(english));
    for (const [key, text] of Object.entries(english)) {
      expect(placeholdersOf(translated[key]), key).toEqual(placeholdersOf(text));
      if (!SAME_WORDS.test(text)) expect(translated[key], key).not.toBe(text);
    }
  });
});
