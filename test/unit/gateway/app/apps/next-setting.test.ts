import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { nextSetting } from '#gateway/app/apps/settings/next-setting.ts';
import { someFacts } from '#test/support/oidc/some-app.ts';

const SAMPLE = new URL('../../../../samples/next/', import.meta.url);
const sampleText = (name: string): string => readFileSync(new URL(name, SAMPLE), 'utf8');
const setting = nextSetting(someFacts({ redirectUris: ['https://wiki.example.com/api/auth/callback/gatehouse'] }));

it('prints the sample that is built and run, file by file', () => {
  const printed = setting.files.filter(({ language }) => language === 'javascript');
  expect(printed.map(({ name }) => name)).toEqual([
    'auth.js',
    'app/api/auth/[...nextauth]/route.js',
    'app/sign-out.js',
    'app/backchannel-logout/route.js',
    'app/page.jsx',
  ]);
  for (const { name, text } of printed) expect(text).toBe(sampleText(name));
});

it('installs the version of Auth.js that the sample is run with', () => {
  const { dependencies } = JSON.parse(sampleText('package.json')) as { readonly dependencies: Readonly<Record<string, string>> };
  const shell = setting.files.find(({ language, name }) => language === 'shell' && name === 'Shell')?.text ?? '';
  expect(shell).toBe(`npm install next-auth@${dependencies['next-auth'] ?? ''} jose\n`);
});

it('sets every variable that the sample reads', () => {
  const read = new Set(setting.files.flatMap(({ text }) => [...text.matchAll(/\bAUTH_(?:GATEHOUSE_)?[A-Z]+\b/g)].map(([name]) => name)));
  const env = setting.files.find(({ name }) => name === '.env.local')?.text ?? '';
  const set = [...env.matchAll(/^(\w+)=/gm)].map(([, name]) => name);
  for (const name of read) expect(set).toContain(name);
});

it('says which addresses the app still needs', () => {
  expect(setting.notes.join('\n')).toContain('https://wiki.example.com/: add that address');
  const other = nextSetting(someFacts({ redirectUris: ['https://wiki.example.com/cb'] }));
  expect(other.notes[0]).toContain('It comes back to https://wiki.example.com/api/auth/callback/gatehouse');
  const whole = nextSetting(
    someFacts({
      redirectUris: ['https://wiki.example.com/api/auth/callback/gatehouse'],
      postLogoutRedirectUris: ['https://wiki.example.com/'],
    }),
  );
  expect(whole.notes.join('\n')).not.toContain('add that address');
});
