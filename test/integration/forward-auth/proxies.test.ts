import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import type { AppId } from '#gateway/domain/site/ids.ts';
import type { Website } from '#gateway/domain/site/website.ts';
import { startHttpGateway, type HttpGateway, type HttpGatewayOptions } from '#test/support/http-gateway.ts';
import { enrolPerson, presentPasskey, uidOf, type Enrolled } from '#test/support/oidc/sign-in.ts';
import { sendRaw } from '#test/support/raw-request.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { freePort } from '#test/support/running-gateway.ts';
import { startBackend, startCaddy, startNginx, startNginxOfOauth2Proxy, type Backend } from '#test/support/peers/website-proxies.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const portOf = (gateway: HttpGateway): number => Number(new URL(gateway.publicUrl).port);

describe.each([
  { name: 'nginx', startProxy: startNginx },
  { name: 'Caddy', startProxy: startCaddy },
  { name: 'nginx that is configured for oauth2-proxy', startProxy: startNginxOfOauth2Proxy },
])('a website behind $name', ({ startProxy }) => {
  async function start(options: Partial<HttpGatewayOptions> = {}, others: readonly Website[] = []) {
    const port = await freePort();
    const origin = `http://localhost:${String(port)}`;
    const website: Website = {
      appId: 'wiki' as AppId,
      name: 'Wiki',
      clientId: 'website:wiki',
      origin,
      paths: ['/'],
      publicPaths: ['/health'],
    };
    const gateway = await startHttpGateway({ clients: [], websites: [website, ...others], trustedProxies: ['127.0.0.1/32'], ...options });
    cleanUp.push(() => gateway.close());
    const backend = await startBackend();
    cleanUp.push(() => backend.close());
    const proxy = await startProxy({ folder: await temporaryFolder(), port, gatewayPort: portOf(gateway), backendPort: backend.port });
    cleanUp.push(() => proxy.close());
    return { gateway, backend, origin };
  }

  async function open(gateway: HttpGateway, person: Enrolled, url: string) {
    const page = await person.browser.navigate(url);
    const { body } = await presentPasskey(gateway, person, uidOf(page.url));
    return person.browser.navigate(body.redirectTo);
  }

  it('asks about the website that it serves, whatever host the browser names', async () => {
    const other: Website = {
      appId: 'open' as AppId,
      name: 'Open',
      clientId: 'website:open',
      origin: 'http://localhost:9',
      paths: ['/'],
      publicPaths: ['/'],
    };
    const { backend, origin } = await start({}, [other]);
    const { host, port } = new URL(origin);
    for (const head of [
      'GET /secret HTTP/1.1\r\nHost: localhost:9',
      `GET http://${host}/secret HTTP/1.1\r\nHost: localhost:9`,
      'GET /health#/../secret HTTP/1.1\r\nHost: ' + host,
    ])
      await sendRaw(Number(port), `${head}\r\nConnection: close\r\n\r\n`, 5_000);
    expect(backend.requests).toEqual([]);
  });

  const lastOf = (backend: Backend) => backend.requests.at(-1);

  it('sends a person to the sign-in and back to the page that was asked for, with an identity that the application can check', async () => {
    const { backend, gateway, origin } = await start();
    const ann = await enrolPerson(gateway, 'ann');

    const { response, url } = await open(gateway, ann, `${origin}/pages/one?edit=1&to=/x`);

    expect({ url: url.href, status: response?.status }).toEqual({ url: `${origin}/pages/one?edit=1&to=/x`, status: 200 });
    expect(lastOf(backend)?.headers).toMatchObject({
      'remote-user': ann.personId,
      'remote-name': 'Person ann',
      'remote-email': 'ann@example.test',
      'remote-groups': 'engineering,night-shift',
    });
    const issuer = `${gateway.publicUrl}/oidc`;
    const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
    const token = String(lastOf(backend)?.headers['x-gatehouse-identity']);
    const { payload } = await jwtVerify(token, keys, { issuer, audience: origin, typ: 'gatehouse-identity+jwt' });
    expect(payload).toMatchObject({ sub: ann.personId, gatehouse_decision: gateway.decisions.at(-1)?.decision.id });
    expect(gateway.decisions.map(({ action }) => action)).toEqual(['app.login', 'token.refresh']);
  });

  it('overwrites every identity header that the browser makes up, on public paths as well', async () => {
    const { backend, gateway, origin } = await start();
    const ann = await enrolPerson(gateway, 'ann');
    await open(gateway, ann, `${origin}/`);
    const forged = {
      'remote-user': 'mallory',
      'remote-name': 'Mallory',
      'remote-email': 'mallory@example.test',
      'remote-groups': 'admins',
      'x-gatehouse-identity': 'e30.e30.e30',
      'x-gatehouse-decision': 'dec_forged',
    };
    // The same names to an application behind CGI, WSGI or PHP.
    const aliases = ['remote_user', 'remote_groups', 'x_gatehouse_identity', 'x-gatehouse_identity'];
    const sent = { ...forged, ...Object.fromEntries(aliases.map((name) => [name, 'mallory'])) };

    await ann.browser.request(`${origin}/`, { headers: sent });
    expect(lastOf(backend)?.headers).toMatchObject({ 'remote-user': ann.personId, 'remote-groups': 'engineering,night-shift' });
    expect(lastOf(backend)?.headers['x-gatehouse-decision']).toBe(gateway.decisions.at(-1)?.decision.id);
    for (const name of aliases) expect(lastOf(backend)?.headers[name]).toBeUndefined();
    await fetch(`${origin}/health`, { headers: sent });

    expect(lastOf(backend)?.url).toBe('/health');
    for (const name of Object.keys(sent)) expect(lastOf(backend)?.headers[name] ?? '').toBe('');
  });

  it('lets nobody in who is not signed in, and sends no program to a page', async () => {
    const { backend, origin } = await start();

    const page = await fetch(`${origin}/`, { redirect: 'manual', headers: { accept: 'text/html' } });
    const script = await fetch(`${origin}/api/pages`, { redirect: 'manual', headers: { accept: 'application/json' } });
    const post = await fetch(`${origin}/api/pages`, { method: 'POST', body: 'x', redirect: 'manual', headers: { accept: '*/*' } });

    expect(page.status).toBe(302);
    expect(page.headers.get('location')).toBe(`${origin}/.gatehouse/sign-in?to=%2F`);
    expect([script.status, post.status]).toEqual([401, 401]);
    expect(backend.requests).toEqual([]);
  });

  it('closes the website to a suspended person with the next request', async () => {
    const { backend, gateway, origin } = await start();
    const ann = await enrolPerson(gateway, 'ann');
    await open(gateway, ann, `${origin}/`);
    const before = backend.requests.length;

    await gateway.liveSessions.endAllOf(ann.personId, 'test');
    const after = await ann.browser.request(`${origin}/`, { headers: { accept: 'text/html' } });

    expect(after.status).toBe(302);
    expect(backend.requests).toHaveLength(before);
  });

  it('shows a person whose access the policy takes back why, on the sign-in page', async () => {
    let verdict: 'permit' | 'grant.outside_schedule' = 'permit';
    const { gateway, origin } = await start({ judgeApp: () => verdict });
    const ann = await enrolPerson(gateway, 'ann');
    await open(gateway, ann, `${origin}/`);
    verdict = 'grant.outside_schedule';
    // Anybody's change of standing: what was answered before it counts no more.
    await gateway.people.changeStanding({ personId: ann.personId, to: 'active', nowMs: Date.now() });
    // The sign-in is a moment old: its session is told no in place, an older one is sent to the page that says why.
    const fresh = await ann.browser.request(`${origin}/`, { headers: { accept: 'text/html' } });

    expect(fresh.status).toBe(403);
    const script = await ann.browser.request(`${origin}/data`, { headers: { accept: 'application/json' } });
    expect(script.status).toBe(403);
  });

  it('takes no callback that began in another browser, twice, or with a changed state', async () => {
    const { backend, gateway, origin } = await start();
    const ann = await enrolPerson(gateway, 'ann');
    const mallory = await enrolPerson(gateway, 'mallory');
    const isCallback = (url: URL): boolean => url.pathname === '/.gatehouse/callback';
    const page = await mallory.browser.navigate(`${origin}/`);
    const { body } = await presentPasskey(gateway, mallory, uidOf(page.url));
    const callback = (await mallory.browser.navigate(body.redirectTo, isCallback)).url;

    // Login fixation: the victim's browser is to be signed in as the attacker.
    const fixed = await ann.browser.request(callback.href);
    const changed = new URL(callback);
    changed.searchParams.set('state', `${String(callback.searchParams.get('state')).slice(0, -2)}AA`);
    const mixedUp = new URL(callback);
    mixedUp.searchParams.set('iss', 'https://other.example');
    const refused = [fixed.status];
    for (const url of [changed, mixedUp]) refused.push((await mallory.browser.request(url.href)).status);
    const first = await mallory.browser.request(callback.href);
    const second = await mallory.browser.request(callback.href);

    expect(refused).toEqual([400, 400, 400]);
    expect([first.status, second.status]).toEqual([302, 400]);
    // Of a code shown twice somebody has a copy: what came of it ended.
    expect((await mallory.browser.request(`${origin}/`, { headers: { accept: 'text/html' } })).status).toBe(302);
    expect(backend.requests).toEqual([]);
  });

  it('signs out of the website', async () => {
    const { gateway, origin } = await start();
    const ann = await enrolPerson(gateway, 'ann');
    await open(gateway, ann, `${origin}/`);

    const out = await ann.browser.request(`${origin}/.gatehouse/sign-out`);

    expect(out.headers.get('location')).toBe(`${gateway.publicUrl}/oidc/session/end?client_id=website%3Awiki`);
    expect(ann.browser.cookieNames(`${origin}/`)).not.toContain('gatehouse-site-wiki');
  });
});
