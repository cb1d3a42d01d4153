import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const variables = (css: string): ReadonlyMap<string, string> =>
  new Map([...css.matchAll(/(--[a-z0-9-]+): ([^;]+);/g)].map(([, name = '', value = '']) => [name, value]));

const tokens = variables(read('admin-ui/src/shared/styles/tokens.css'));

it.each([...variables(read('gateway/oidc/pages/files/plain-pages.css'))])('gives %s the value of the console’s tokens', (name, value) => {
  expect(value).toBe(tokens.get(name));
});

it('gives no colour a second time in the sheets that build on it', () => {
  for (const path of ['gateway/oidc/pages/files/pages.css', 'gateway/demo/relying-party-files/app.css']) {
    expect(read(path)).not.toMatch(/#[0-9a-f]{3,8}\b|rgb|light-dark/);
  }
});
