import { afterEach, expect, it } from 'vitest';
import type { AppSettings } from '#gateway/http/contract/apps.ts';
import { addApp, liveCheck, startAppRig, type AppRig } from '#test/support/oidc/app-rig.ts';
import { presentPasskey, uidOf } from '#test/support/oidc/sign-in.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { freePort } from '#test/support/running-gateway.ts';
import { startBackend, startCaddySite, startNginxSite } from '#test/support/peers/website-proxies.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const WEBSITE = { id: 'minutes', name: 'Minutes', kind: 'website', redirectUris: [], paths: ['/'] } as const;

async function start(trustedProxies: readonly string[] = ['127.0.0.1/32']) {
  const rig = await startAppRig({ trustedProxies: [...trustedProxies] });
  cleanUp.push(() => rig.close());
  const backend = await startBackend();
  cleanUp.push(() => backend.close());
  const port = await freePort();
  return { rig, backend, port, origin: `http://localhost:${String(port)}` };
}

/** What the page shows for a proxy, with the application's own address in it. */
async function printedSite(rig: AppRig, backendPort: number, proxy: 'nginx' | 'caddy' = 'nginx'): Promise<string> {
  const { body } = await rig.call<AppSettings>(`/apps/${WEBSITE.id}/settings`);
  const text = body.settings.find(({ id }) => id === proxy)?.files[0]?.text ?? '';
  return text.replaceAll('127.0.0.1:3000', `127.0.0.1:${String(backendPort)}`);
}

it('is behind nginx with the printed settings at once, and watched from the first question to who signed in', async () => {
  const { backend, origin, port, rig } = await start();
  await addApp(rig, { ...WEBSITE, redirectUris: [], paths: ['/'], origin });
  const proxy = await startNginxSite({ folder: await temporaryFolder(), port, site: await printedSite(rig, backend.port) });
  cleanUp.push(() => proxy.close());
  expect(await liveCheck(rig, WEBSITE.id)).toMatchObject({ state: 'waiting', shown: [{ value: origin }] });

  const { browser } = rig.person;
  const page = await browser.navigate(`${origin}/today`);
  expect((await liveCheck(rig, WEBSITE.id)).state).toBe('under_way');
  const { body } = await presentPasskey(rig.gateway, rig.person, uidOf(page.url));
  const back = await browser.navigate(body.redirectTo);

  expect({ url: back.url.href, status: back.response?.status }).toEqual({ url: `${origin}/today`, status: 200 });
  expect(backend.requests.at(-1)?.headers['remote-user']).toBe(rig.person.personId);
  await fetch(`${origin}/`, { redirect: 'manual' });
  expect(await liveCheck(rig, WEBSITE.id)).toMatchObject({ state: 'works', person: { id: rig.person.personId } });

  await rig.call(`/apps/${WEBSITE.id}/disable`, { reason: 'a test' });
  const seen = backend.requests.length;
  expect((await browser.navigate(`${origin}/today`)).response?.status).not.toBe(200);
  expect(backend.requests).toHaveLength(seen);
});

it('says that the proxy does not pass the sign-in on, and goes on to say so while others come', async () => {
  const { origin, port, backend, rig } = await start();
  await addApp(rig, { ...WEBSITE, redirectUris: [], paths: ['/'], origin });
  const check = `location = /.gatehouse-check {
    internal;
    proxy_pass http://gatehouse/api/authz/auth-request;
    proxy_set_header X-Original-Method $request_method;
    proxy_set_header X-Original-URL $gatehouse_scheme://$gatehouse_host$request_uri;
  }
  location @gatehouse_sign_in { return 302 $gatehouse_location; }
  location @gatehouse_denied { return 403; }`;
  const site = (await printedSite(rig, backend.port)).replace('include gatehouse.conf;', check);
  const proxy = await startNginxSite({ folder: await temporaryFolder(), port, site });
  cleanUp.push(() => proxy.close());

  const { browser } = rig.person;
  const page = await browser.navigate(`${origin}/today`);

  expect({ path: page.url.pathname, status: page.response?.status }).toEqual({ path: '/.gatehouse/sign-in', status: 403 });
  const told = { state: 'problem', problem: 'rounds_not_passed', title: 'The proxy keeps the sign-in to itself' };
  expect(await liveCheck(rig, WEBSITE.id)).toMatchObject(told);
  await fetch(`${origin}/favicon.ico`, { redirect: 'manual' });
  expect(await liveCheck(rig, WEBSITE.id)).toMatchObject(told);
});

it('is behind nginx with the printed settings, whatever its paths hold', async () => {
  const { backend, origin, port, rig } = await start();
  const paths = ['/{x}', "/it's", '/a$b', '/a"b', '/caf%C3%A9', '/a%20b', '/%7By'];
  await addApp(rig, { ...WEBSITE, redirectUris: [], paths, origin });
  const proxy = await startNginxSite({ folder: await temporaryFolder(), port, site: await printedSite(rig, backend.port) });
  cleanUp.push(() => proxy.close());

  for (const path of paths) {
    const { headers, status } = await fetch(`${origin}${path}`, { redirect: 'manual', headers: { accept: 'text/html' } });
    expect({ path, status, to: new URL(headers.get('location') ?? origin).pathname }).toEqual({
      path,
      status: 302,
      to: '/.gatehouse/sign-in',
    });
  }
  expect(backend.requests).toEqual([]);
});

it('is behind Caddy with the printed settings', async () => {
  const { backend, origin, port, rig } = await start();
  await addApp(rig, { ...WEBSITE, redirectUris: [], paths: ['/'], origin });
  const site = await printedSite(rig, backend.port, 'caddy');
  const proxy = await startCaddySite({ folder: await temporaryFolder(), port, site });
  cleanUp.push(() => proxy.close());

  const { browser } = rig.person;
  const page = await browser.navigate(`${origin}/today`);
  const { body } = await presentPasskey(rig.gateway, rig.person, uidOf(page.url));
  const back = await browser.navigate(body.redirectTo);

  expect({ url: back.url.href, status: back.response?.status }).toEqual({ url: `${origin}/today`, status: 200 });
  expect(backend.requests.at(-1)?.headers['remote-user']).toBe(rig.person.personId);
});

it('says that the proxy asks about another address, and that it is not trusted', async () => {
  const { backend, origin, port, rig } = await start();
  await addApp(rig, { ...WEBSITE, redirectUris: [], paths: ['/'], origin: 'http://minutes.localhost' });
  const printed = (await printedSite(rig, backend.port)).replace(
    '$gatehouse_host minutes.localhost;',
    `$gatehouse_host localhost:${String(port)};`,
  );
  const proxy = await startNginxSite({ folder: await temporaryFolder(), port, site: printed });
  cleanUp.push(() => proxy.close());
  await rig.person.browser.navigate(`${origin}/`);
  expect(await liveCheck(rig, WEBSITE.id)).toMatchObject({
    problem: 'unknown_website',
    shown: [{ value: origin }, { value: 'http://minutes.localhost' }],
  });

  const other = await start([]);
  await addApp(other.rig, { ...WEBSITE, redirectUris: [], paths: ['/'], origin: other.origin });
  const untrusted = await startNginxSite({
    folder: await temporaryFolder(),
    port: other.port,
    site: await printedSite(other.rig, other.backend.port),
  });
  cleanUp.push(() => untrusted.close());
  await other.rig.person.browser.navigate(`${other.origin}/`);
  expect(await liveCheck(other.rig, WEBSITE.id)).toMatchObject({ problem: 'untrusted_proxy', shown: [{ value: '127.0.0.1' }] });
});
