import { expect, it } from 'vitest';
import { clientSettings } from '#gateway/app/apps/client-settings.ts';
import { someFacts } from '#test/support/oidc/some-app.ts';

function printed(id: string, redirectUris: readonly string[]) {
  const setting = clientSettings(someFacts({ kind: 'web', redirectUris })).find((one) => one.id === id);
  return { text: setting?.files.map(({ text }) => text).join('\n') ?? '', notes: setting?.notes.join(' ') ?? '' };
}

const OTHER = 'https://other.example.com/callback';

it.each([
  ['gitlab', '/users/auth/openid_connect/callback', (origin: string, path: string) => `redirect_uri: '${origin}${path}'`],
  ['oauth2-proxy', '/oauth2/callback', (origin: string, path: string) => `redirect_url = "${origin}${path}"`],
  ['grafana', '/login/generic_oauth', (origin: string) => `root_url = ${origin}/\n`],
  ['nextjs', '/api/auth/callback/gatehouse', (origin: string) => `AUTH_URL=${origin}\n`],
])('prints for %s the address that it comes back to, whichever of the app’s comes first', (id, path, line) => {
  const there = printed(id, [OTHER, `https://git.example.com${path}`]);
  expect(there.text).toContain(line('https://git.example.com', path));
  expect(there.text).not.toContain('other.example.com');
  expect(there.notes).not.toContain('It comes back to');

  const missing = printed(id, [OTHER]);
  expect(missing.text).toContain(line('https://other.example.com', path));
  expect(missing.notes).toContain(`It comes back to https://other.example.com${path}: add that address`);
});
