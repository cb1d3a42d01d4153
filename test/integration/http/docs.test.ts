import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';

let gateway: HttpGateway;
beforeAll(async () => {
  gateway = await startHttpGateway({ clients: [] });
});
afterAll(async () => {
  await gateway.close();
});

const get = (path: string): Promise<Response> => fetch(`${gateway.publicUrl}${path}`);

it('serves the description of every address to programs, with this gateway’s own', async () => {
  const response = await get('/openapi.json');
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  const document = (await response.json()) as { openapi: string; servers: readonly { url: string }[]; paths: Record<string, unknown> };
  expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: gateway.publicUrl }] });
  expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/api/people/{id}/suspend', '/oidc/token', '/scim/v2/Users/{id}']));
});

it('names every endpoint of the provider’s discovery', async () => {
  const discovery = (await (await get('/oidc/.well-known/openid-configuration')).json()) as Record<string, unknown>;
  const { paths } = (await (await get('/openapi.json')).json()) as { paths: Record<string, unknown> };
  const endpoints = Object.entries(discovery)
    .filter(([name]) => name.endsWith('_endpoint') || name === 'jwks_uri')
    .map(([, url]) => new URL(String(url)).pathname);
  expect(endpoints.length).toBeGreaterThan(8);
  for (const path of endpoints) expect(Object.keys(paths)).toContain(path);
});

it('serves the page under the policy of all pages: nothing of another host, no inline script', async () => {
  const response = await get('/docs');
  const html = await response.text();
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(html).toContain('Sign in with Gatehouse in ten minutes');
  expect(html).not.toMatch(/<(?:script|link|img)[^>]+(?:src|href)="https?:/);
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  for (const [, path = ''] of html.matchAll(/<(?:script|link)[^>]+(?:src|href)="(\/docs-files\/[^"]+)"/g))
    expect((await get(path)).status).toBe(200);
});
