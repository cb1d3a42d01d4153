import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { suspendResultSchema } from '#gateway/http/contract/admin.ts';
import { confirmSignOut, enrolAt } from '#test/support/oidc/running-sign-in.ts';
import { freePort } from '#test/support/running-gateway.ts';
import { startSampleSite, type SampleSite } from '#test/support/sample-site.ts';
import { presentPasskey, uidOf, type Enrolled } from '#test/support/oidc/sign-in.ts';
import { startBackend, startNginxSite, type Backend, type Proxy } from '#test/support/peers/website-proxies.ts';

/* The sample as its README runs it, with other ports: nginx from Debian before a website, beside a whole gateway. */

const SAMPLE = fileURLToPath(new URL('../../samples/nginx/site.conf', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-sample-'));

let backend: Backend;
let proxy: Proxy;
let site: SampleSite;
let website = '';

beforeAll(async () => {
  const port = await freePort();
  website = `http://localhost:${String(port)}`;
  backend = await startBackend();
  site = await startSampleSite({
    trusted_proxies: ['127.0.0.1/32'],
    websites: [{ id: 'wiki', name: 'Wiki', origin: website, public_paths: ['/health'] }],
  });
  const text = readFileSync(SAMPLE, 'utf8')
    .replace('127.0.0.1:8080', new URL(site.gateway.url).host.replace('localhost', '127.0.0.1'))
    .replace('gatehouse_scheme https', 'gatehouse_scheme http')
    .replace('gatehouse_host wiki.example', `gatehouse_host ${new URL(website).host}`)
    .replace('127.0.0.1:3000', `127.0.0.1:${String(backend.port)}`);
  proxy = await startNginxSite({ folder, port, site: text });
});
afterAll(async () => {
  await proxy.close();
  await site.close();
  await backend.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(person: Enrolled) {
  const page = await person.browser.navigate(`${website}/pages`);
  const { body } = await presentPasskey({ publicUrl: site.gateway.url }, person, uidOf(page.url));
  return person.browser.navigate(body.redirectTo);
}

it('signs a person out of the website and of Gatehouse', async () => {
  const ann = await enrolAt(site.gateway, site.staffId);
  expect((await open(ann)).response?.status).toBe(200);
  const { length } = backend.requests;

  const asked = await ann.browser.navigate(`${website}/.gatehouse/sign-out`);

  expect([asked.url.origin, asked.url.pathname]).toEqual([site.gateway.url, '/oidc/session/end']);
  // Gone at once, whatever is answered there.
  expect((await ann.browser.request(`${website}/pages`, { headers: { accept: 'text/html' } })).status).toBe(302);
  expect(await confirmSignOut(site.gateway, ann, asked.response)).toBe('');
  // The passkey is asked for again.
  const again = await ann.browser.navigate(`${website}/pages`);
  expect(again.url.pathname).toMatch(/^\/signin\//);
  expect(backend.requests.length).toBe(length);
});

it('lets a person in, tells the website who it is, and refuses the next request when the person is suspended', async () => {
  const ann = await enrolAt(site.gateway, site.staffId);
  const { response, url } = await open(ann);
  expect([url.href, response?.status]).toEqual([`${website}/pages`, 200]);
  expect(backend.requests.at(-1)?.headers).toMatchObject({ 'remote-user': site.staffId, 'remote-name': 'Person 0' });

  await site.gateway.api.post(`/api/people/${site.staffId}/suspend`, { reason: 'sample test' }, suspendResultSchema);
  const after = await ann.browser.request(`${website}/pages`, { headers: { accept: 'application/json' } });

  expect([401, 403]).toContain(after.status);
});

it('shows a person who was refused why, and asks nobody on public paths', async () => {
  const vic = await enrolAt(site.gateway, site.visitorId);
  const denied = await open(vic);
  expect(denied.url.origin).toBe(site.gateway.url);
  const { body } = await vic.browser.call<unknown>(`${site.gateway.url}/api/interaction/${uidOf(denied.url)}`);
  expect(JSON.stringify(body)).toContain('grant.missing');

  const health = await fetch(`${website}/health`, { headers: { 'remote-user': 'mallory' } });
  expect(health.status).toBe(200);
  expect(backend.requests.at(-1)?.headers['remote-user'] ?? '').toBe('');
});
