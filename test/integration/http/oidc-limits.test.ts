import { afterEach, expect, it } from 'vitest';
import {
  AUTHORIZATION_BYTES_MAX,
  NONCE_CHARS_MAX,
  OIDC_REQUEST_BYTES_MAX,
  PUSHED_BYTES_MAX,
  STATE_CHARS_MAX,
} from '#gateway/http/middleware/oidc-limits.ts';
import { RATE_LIMITS } from '#gateway/http/middleware/rate-limits.ts';
import { STRANGER_LIMITS } from '#gateway/oidc/limits/stranger-limits.ts';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';
import { APP_ORIGIN, authorizationRequest, CLIENT_SECRET, confidential, discover, signInToApp } from '#test/support/oidc/client.ts';
import { enrolPerson } from '#test/support/oidc/sign-in.ts';

let gateway: HttpGateway | null = null;
afterEach(async () => {
  await gateway?.close();
});

async function start(): Promise<string> {
  gateway = await startHttpGateway({ clients: [confidential()] });
  return `${gateway.publicUrl}/oidc`;
}

const parameters = (change: Readonly<Record<string, string>> = {}): URLSearchParams =>
  new URLSearchParams({
    client_id: 'wiki-client',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${APP_ORIGIN}/callback`,
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
    ...change,
  });

/** Parameters of exactly so many bytes. */
function ofLength(bytes: number): string {
  const shortest = parameters({ ui_locales: '' }).toString();
  return parameters({ ui_locales: 'x'.repeat(bytes - shortest.length) }).toString();
}

const get = async (url: string): Promise<number> => (await fetch(url, { redirect: 'manual' })).status;

it.each([
  ['state', STATE_CHARS_MAX],
  ['nonce', NONCE_CHARS_MAX],
])('takes a %s of its longest and answers 413 to one character more', async (name, charsMax) => {
  const issuer = await start();
  expect(await get(`${issuer}/auth?${parameters({ [name]: 'x'.repeat(charsMax) }).toString()}`)).toBe(303);
  expect(await get(`${issuer}/auth?${parameters({ [name]: 'x'.repeat(charsMax + 1) }).toString()}`)).toBe(413);
});

it('bounds the parameters of an authorization request', async () => {
  const issuer = await start();
  expect(await get(`${issuer}/auth?${ofLength(AUTHORIZATION_BYTES_MAX)}`)).toBe(303);
  expect(await get(`${issuer}/auth?${ofLength(AUTHORIZATION_BYTES_MAX + 1)}`)).toBe(413);
});

it('answers a pushed request beyond the limit with 413 and writes no failure to the log', async () => {
  const issuer = await start();
  const push = async (body: string): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`wiki-client:${CLIENT_SECRET}`).toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
    return (await fetch(`${issuer}/request`, { method: 'POST', headers, body })).status;
  };

  expect(await push(ofLength(PUSHED_BYTES_MAX))).toBe(201);
  expect(await push(ofLength(PUSHED_BYTES_MAX + 1))).toBe(413);
  expect(await push(parameters({ state: 'x'.repeat(200_000) }).toString())).toBe(413);
  expect(gateway?.logLines).toEqual([]);
});

it('bounds a token request and wants its length', async () => {
  const issuer = await start();
  const send = async (body: string | ReadableStream): Promise<number> => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return (await fetch(`${issuer}/token`, { method: 'POST', headers, body, duplex: 'half' })).status;
  };

  expect(await send(`code=${'x'.repeat(OIDC_REQUEST_BYTES_MAX - 5)}`)).toBe(400);
  expect(await send(`code=${'x'.repeat(OIDC_REQUEST_BYTES_MAX - 4)}`)).toBe(413);
  expect(await send(new Blob(['code=x']).stream())).toBe(411);
});

it('lets an address begin as many sign-ins as its limit and no more, under any spelling of the path', async () => {
  const issuer = await start();
  const query = parameters().toString();
  const statuses: number[] = [];
  for (let index = 0; index < RATE_LIMITS.authorization; index += 1) {
    // The cheap answer of an unknown client is counted like any other.
    statuses.push(await get(`${issuer}/auth?client_id=nobody`));
  }

  expect(statuses).not.toContain(429);
  for (const path of ['/auth', '/Auth', '/auth/', '/session/end']) expect(await get(`${issuer}${path}?${query}`)).toBe(429);
  expect(await get(`${issuer}/jwks`)).toBe(200);
  expect(await get(`${issuer}/.well-known/openid-configuration`)).toBe(200);
  expect((await fetch(`${issuer}/token`, { method: 'POST' })).status).not.toBe(429);
  const told = await fetch(`${issuer}/auth?${query}`, { redirect: 'manual' });
  expect(Number(told.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await told.json()).toMatchObject({ error: 'temporarily_unavailable' });
});

it('lets an address type in as many device codes as its limit and no more', async () => {
  const issuer = await start();
  const page = await fetch(`${issuer}/device`);
  const cookie = page.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const type = async (): Promise<number> =>
    (await fetch(`${issuer}/device`, { method: 'POST', headers: { cookie }, body: new URLSearchParams({ user_code: 'WRNG' }) })).status;
  for (let index = 0; index < RATE_LIMITS.userCode; index += 1) expect(await type()).not.toBe(429);
  expect(await type()).toBe(429);
  // Signing in is another thing.
  expect(await get(`${issuer}/auth?${parameters().toString()}`)).toBe(303);
});

it('lets a stranger with many networks shut out nobody else, nor whoever is signed in', async () => {
  gateway = await startHttpGateway({ clients: [confidential()], trustedProxies: ['127.0.0.0/8', '::1/128'] });
  const { publicUrl } = gateway;
  const begin = async (from: string): Promise<Response> =>
    fetch(`${publicUrl}/oidc/auth?${parameters().toString()}`, { redirect: 'manual', headers: { 'x-forwarded-for': from } });
  const ann = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  await signInToApp(gateway, ann, config);

  for (let index = 0; index < STRANGER_LIMITS.signIn.perNetwork; index += 1) {
    const { status } = await begin(`2001:db8:1:${(index % 4).toString(16)}::1`);
    if (status !== 303) expect.fail(`sign-in ${String(index)} was answered ${String(status)}`);
  }
  const refused = await begin('2001:db8:1:5::1');
  expect(refused.headers.get('location')).toContain('error=temporarily_unavailable');
  expect((await begin('2001:db8:2:1::1')).headers.get('location')).toContain('/signin/');
  const { url } = await authorizationRequest(config);
  const signedIn = await ann.browser.request(url.href, { headers: { 'x-forwarded-for': '2001:db8:1:5::1' } });
  expect(signedIn.headers.get('location')).toContain('code=');
});
