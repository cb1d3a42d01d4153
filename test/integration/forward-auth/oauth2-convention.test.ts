import { afterEach, expect, it } from 'vitest';
import type { AppId } from '#gateway/domain/site/ids.ts';
import { startHttpGateway } from '#test/support/http-gateway.ts';
import { enrolPerson, presentPasskey, uidOf } from '#test/support/oidc/sign-in.ts';
import { startBackend, startNginxOfOauth2Proxy } from '#test/support/peers/website-proxies.ts';
import { freePort } from '#test/support/running-gateway.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start() {
  const port = await freePort();
  const origin = `http://localhost:${String(port)}`;
  const website = { appId: 'wiki' as AppId, name: 'Wiki', clientId: 'website:wiki', origin, paths: ['/'], publicPaths: ['/health'] };
  const gateway = await startHttpGateway({ clients: [], websites: [website], trustedProxies: ['127.0.0.1/32'] });
  cleanUp.push(() => gateway.close());
  const backend = await startBackend();
  cleanUp.push(() => backend.close());
  const gatewayPort = Number(new URL(gateway.publicUrl).port);
  const proxy = await startNginxOfOauth2Proxy({ folder: await temporaryFolder(), port, gatewayPort, backendPort: backend.port });
  cleanUp.push(() => proxy.close());
  return { backend, gateway, origin };
}

/** Every name by which an application behind oauth2-proxy may read who it is. */
const USER = ['x-auth-request-user', 'x-forwarded-user', 'x-user'];
const EMAIL = ['x-auth-request-email', 'x-forwarded-email', 'x-email'];
const GROUPS = ['x-auth-request-groups', 'x-forwarded-groups'];
const NEVER = [
  'x-auth-request-preferred-username',
  'x-auth-request-access-token',
  'x-forwarded-preferred-username',
  'x-forwarded-access-token',
];

it('tells applications by the names of oauth2-proxy who it is, whatever the browser says', async () => {
  const { backend, gateway, origin } = await start();
  const ann = await enrolPerson(gateway, 'ann');
  const page = await ann.browser.navigate(`${origin}/oauth2/sign_in?rd=%2Ftoday%3Fa%3Db`);
  const { body } = await presentPasskey(gateway, ann, uidOf(page.url));
  const back = await ann.browser.navigate(body.redirectTo);
  expect(back.url.href).toBe(`${origin}/today?a=b`);

  const forged = Object.fromEntries([...USER, ...EMAIL, ...GROUPS, ...NEVER].map((name) => [name, 'mallory']));
  await ann.browser.request(`${origin}/`, { headers: forged });
  const headers = backend.requests.at(-1)?.headers ?? {};
  for (const name of USER) expect([name, headers[name]]).toEqual([name, ann.personId]);
  for (const name of EMAIL) expect([name, headers[name]]).toEqual([name, 'ann@example.test']);
  for (const name of GROUPS) expect([name, headers[name]]).toEqual([name, 'engineering,night-shift']);
  for (const name of NEVER) expect([name, headers[name]]).toEqual([name, undefined]);

  await fetch(`${origin}/health`, { headers: forged });
  expect(backend.requests.at(-1)?.url).toBe('/health');
  for (const name of Object.keys(forged)) expect([name, backend.requests.at(-1)?.headers[name]]).toEqual([name, undefined]);
});

it('asks about the address that is served, and nobody but nginx asks', async () => {
  const { backend, origin } = await start();
  const host = new URL(origin).host;
  const forged = {
    'x-original-url': `${origin}/health`,
    'x-forwarded-proto': 'http',
    'x-forwarded-host': host,
    'x-forwarded-uri': '/health',
    'x-forwarded-method': 'GET',
  };
  const asked = await fetch(`${origin}/secret`, { headers: { accept: 'text/html', ...forged }, redirect: 'manual' });
  expect([asked.status, asked.headers.get('location')]).toEqual([302, `${origin}/.gatehouse/sign-in?to=%2Fsecret`]);
  expect((await fetch(`${origin}/oauth2/auth`, { redirect: 'manual' })).status).toBe(404);
  expect(backend.requests).toEqual([]);
});

it('signs out where pages of oauth2-proxy link to, and is sent by no link to another website', async () => {
  const { gateway, origin } = await start();
  const out = await fetch(`${origin}/oauth2/sign_out?rd=https%3A%2F%2Fevil.example`, { redirect: 'manual' });
  expect(out.headers.get('location')).toBe(`${origin}/.gatehouse/sign-out`);
  for (const path of ['/oauth2/start', '/oauth2/sign_in']) {
    const begun = await fetch(`${origin}${path}?rd=https%3A%2F%2Fevil.example%2F`, { redirect: 'manual' });
    const signIn = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' });
    expect(signIn.headers.get('location')).toContain(`${gateway.publicUrl}/oidc/auth?`);
    expect(signIn.headers.get('location')).not.toContain('evil');
  }
});
