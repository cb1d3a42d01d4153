import { request as httpRequest } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import type { AppId } from '#gateway/domain/site/ids.ts';
import type { Website } from '#gateway/domain/site/website.ts';
import { startHttpGateway, type HttpGateway, type HttpGatewayOptions } from '#test/support/http-gateway.ts';

const origin = 'https://wiki.example';
const website: Website = { appId: 'wiki' as AppId, name: 'Wiki', clientId: 'website:wiki', origin, paths: ['/'], publicPaths: ['/health'] };

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(options: Partial<HttpGatewayOptions> = {}): Promise<HttpGateway> {
  const gateway = await startHttpGateway({ clients: [], websites: [website], trustedProxies: ['127.0.0.1/32'], ...options });
  cleanUp.push(() => gateway.close());
  return gateway;
}

interface Told {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

/** One question, with exactly these headers; a list is a header that is there several times. */
async function ask(gateway: HttpGateway, path: string, headers: Record<string, string | string[]>, method = 'GET'): Promise<Told> {
  const { port } = new URL(gateway.publicUrl);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, location: response.headers.location, body }));
    });
    request.on('error', reject).end();
  });
}

const forwarded = {
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'wiki.example',
  'x-forwarded-uri': '/a',
  'x-forwarded-method': 'GET',
};
const page = { accept: 'text/html' };
const signIn = `${origin}/.gatehouse/sign-in?to=%2Fa`;

it.each([
  ['nginx', '/api/authz/auth-request', { 'x-original-url': `${origin}/a`, 'x-original-method': 'GET' }, [401, 200]],
  ['Traefik and Caddy', '/api/authz/forward-auth', forwarded, [302, 200]],
  ['Envoy', '/api/authz/ext-authz/a', { host: 'wiki.example', 'x-forwarded-proto': 'https' }, [302, 200]],
  ['what follows oauth2-proxy', '/oauth2/auth', { 'x-original-url': `${origin}/a`, 'x-original-method': 'GET' }, [401, 202]],
])('answers %s in its own way', async (_name, path, headers, [signInStatus, publicStatus]) => {
  const gateway = await start();

  expect(await ask(gateway, path, { ...headers, ...page })).toMatchObject({ status: signInStatus, location: signIn });
  const toPublic = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace(/\/a$/, '/health')]));
  const publicPath = path.replace(/\/a$/, '/health');
  expect(await ask(gateway, publicPath, { ...toPublic, ...page })).toMatchObject({ status: publicStatus });
  // A program is told so in place.
  expect(await ask(gateway, path, { ...headers, accept: 'application/json' })).toMatchObject({ status: 401, location: undefined });
});

it('answers a form that was sent without a session with 303, to the start of the website', async () => {
  const gateway = await start();
  const told = await ask(gateway, '/api/authz/forward-auth', { ...forwarded, ...page, 'x-forwarded-method': 'POST' });
  expect(told).toMatchObject({ status: 303, location: `${origin}/.gatehouse/sign-in?to=%2F` });
});

it('reads nothing from the query of its own address: some proxies append the browser’s', async () => {
  const gateway = await start();
  const told = await ask(gateway, '/api/authz/forward-auth?x-forwarded-uri=/health&to=/health', { ...forwarded, ...page });
  expect(told).toMatchObject({ status: 302, location: signIn });
});

it.each([
  ['no address', {}, 'x-forwarded-proto, x-forwarded-host'],
  ['two hosts', { ...forwarded, 'x-forwarded-host': ['wiki.example', 'other.example'] }, 'x-forwarded-host'],
  ['a list of hosts', { ...forwarded, 'x-forwarded-host': 'wiki.example, other.example' }, 'x-forwarded-host'],
  ['another scheme', { ...forwarded, 'x-forwarded-proto': 'javascript' }, 'x-forwarded-proto'],
  ['two paths', { ...forwarded, 'x-forwarded-uri': ['/health', '/a'] }, 'x-forwarded-uri'],
  ['an endless path', { ...forwarded, 'x-forwarded-uri': `/${'a'.repeat(8_192)}` }, 'x-forwarded-uri'],
])('refuses a question with %s, and names the header', async (_name, headers, named) => {
  const gateway = await start();
  const told = await ask(gateway, '/api/authz/forward-auth', { ...headers, ...page });
  expect(told.status).toBe(400);
  expect(told.body).toContain(named);
});

it('lets no browser choose the address that is asked about, where a proxy may say it in two ways', async () => {
  const gateway = await start();
  const both = (target: string) => ask(gateway, '/oauth2/auth', { ...forwarded, 'x-original-url': `${origin}${target}`, accept: '*/*' });

  expect(await both('/health')).toMatchObject({ status: 403, body: expect.stringContaining('two different addresses') as string });
  expect(await both('/a')).toMatchObject({ status: 401 });
  const other = { ...forwarded, 'x-forwarded-uri': '/health', 'x-original-url': [`${origin}/a`, `${origin}/health`] };
  expect((await ask(gateway, '/oauth2/auth', other)).status).toBe(403);
});

it.each(['/health/../a', '/health/%2e%2e/a', '/health//a', '/health\\..\\a', '/health;/../a', '/%68ealth/../a'])(
  'lets nobody to a path that proxy and application may read differently: %s',
  async (target) => {
    const gateway = await start();
    expect((await ask(gateway, '/api/authz/forward-auth', { ...forwarded, 'x-forwarded-uri': target })).status).toBe(400);
    // nginx knows 401 and 403 only; anything else would be a failure of its own.
    const original = { 'x-original-url': `${origin}${target}`, 'x-original-method': 'GET' };
    expect((await ask(gateway, '/api/authz/auth-request', original)).status).toBe(403);
  },
);

it('answers proxies that it knows, about websites that it knows', async () => {
  const stranger = await start({ trustedProxies: ['10.0.0.0/8'] });
  expect(await ask(stranger, '/api/authz/forward-auth', { ...forwarded, 'x-forwarded-uri': '/health' })).toMatchObject({ status: 403 });

  const gateway = await start();
  const elsewhere = { ...forwarded, 'x-forwarded-host': 'other.example' };
  expect((await ask(gateway, '/api/authz/forward-auth', elsewhere)).status).toBe(403);
  expect((await ask(gateway, '/api/authz/forward-auth', { ...elsewhere, 'x-forwarded-uri': '/.gatehouse/sign-in' })).status).toBe(404);
});

it.each(['//evil.example/', 'https://evil.example/', '/\\evil.example', '/.gatehouse/sign-out', '/%0d%0aset-cookie:x'])(
  'sends nobody to an address of somebody else after the sign-in: %s',
  async (to) => {
    const gateway = await start();
    const uri = `/.gatehouse/sign-in?to=${encodeURIComponent(to)}`;
    const told = await ask(gateway, '/api/authz/forward-auth', { ...forwarded, 'x-forwarded-uri': uri });
    const authorization = new URL(told.location ?? '');
    expect(`${authorization.origin}${authorization.pathname}`).toBe(`${gateway.publicUrl}/oidc/auth`);
    expect(authorization.searchParams.get('redirect_uri')).toBe(`${origin}/.gatehouse/callback`);
    expect(told.location).not.toContain('evil');
  },
);

it.each([
  ['nginx', '/api/authz/auth-request'],
  ['what follows oauth2-proxy', '/oauth2/auth'],
])('gives no address of a sign-in to %s, which cannot carry one', async (_name, path) => {
  const gateway = await start();
  const told = await ask(gateway, path, { 'x-original-url': `${origin}/.gatehouse/sign-in`, 'x-original-method': 'GET', ...page });
  expect(told).toMatchObject({ status: 403, location: undefined, body: expect.stringContaining('/.gatehouse/') as string });
});

it('does not exist where no website is configured', async () => {
  const gateway = await start({ websites: [] });
  expect((await ask(gateway, '/api/authz/forward-auth', { ...forwarded, host: new URL(gateway.publicUrl).host })).status).toBe(404);
});
