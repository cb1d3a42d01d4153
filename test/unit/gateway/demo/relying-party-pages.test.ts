import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { renderHome } from '#gateway/demo/relying-party-pages.ts';

it('names no file that the app does not serve, its icon included: a browser asks for one at every page', () => {
  const page = renderHome({ name: 'Wiki', description: 'For everybody.' }, null, null);
  const files = [...page.matchAll(/(?:href|src)="\/files\/([^"]+)"/g)].map(([, file]) => file ?? '');
  expect(files).toContain('app.svg');
  const folder = new URL('../../../../gateway/demo/relying-party-files/', import.meta.url);
  expect(files.filter((file) => file !== 'plain-pages.css' && !existsSync(new URL(file, folder)))).toEqual([]);
});
