import { expect, it } from 'vitest';
import { createRouter, SCIM_ROUTES } from '#gateway/scim/router.ts';
import { ScimError } from '#gateway/scim/scim-error.ts';

/** A directory that fails whatever it is asked: only where a request goes matters here. */
const failing: never = new Proxy({}, { get: () => () => Promise.reject(new Error('asked')) }) as never;
const route = createRouter({ users: failing, groups: failing, base: 'https://gatehouse.example/scim/v2' });

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const paths = [...new Set(SCIM_ROUTES.map((one) => one.split(' ')[1] ?? ''))];

/** Whether something answers there, well or badly. */
async function isServed(method: string, path: string): Promise<boolean> {
  const name = path.startsWith('/Schemas') ? 'urn:ietf:params:scim:schemas:core:2.0:User' : 'User';
  const request = { client: failing, query: new URLSearchParams(), body: {}, ifMatch: null };
  return route({ ...request, method: method.toUpperCase(), path: path.replace(':id', name) }).then(
    () => true,
    (failure: unknown) => !(failure instanceof ScimError && (failure.status === 404 || failure.status === 405)),
  );
}

it('serves what it says that it serves, and by no other method', async () => {
  for (const path of paths) {
    for (const method of METHODS) {
      // By another method `.search` is the id of a resource that is not there.
      const isListed = SCIM_ROUTES.includes(`${method} ${path}`) || path.endsWith('/.search');
      expect([method, path, await isServed(method, path)]).toEqual([method, path, isListed]);
    }
  }
});

it('serves nothing beside it', async () => {
  for (const path of ['/', '/Me', '/Users/a/b', '/Devices', '/Bulk/1']) expect(await isServed('get', path)).toBe(false);
});
