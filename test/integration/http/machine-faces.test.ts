import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import type { ConnectOutcome } from '#gateway/app/vpn/types.ts';
import type { AppId, DecisionId, PersonId, VpnRealmId } from '#gateway/domain/site/ids.ts';
import { SITE_TARGET_CHARS_MAX, type Website } from '#gateway/domain/site/website.ts';
import { AUTHZEN_BODY_BYTES_MAX } from '#gateway/http/authzen/read-json.ts';
import { createLogger } from '#gateway/platform/logger.ts';
import { SCIM_BODY_BYTES_MAX } from '#gateway/scim/read-body.ts';
import { SCIM_GUESSES_MAX, SCIM_URL_CHARS_MAX } from '#gateway/scim/scim-face.ts';
import { createAttemptLimits } from '#gateway/vpn/attempt-limits.ts';
import { createVpnRadiusFace } from '#gateway/vpn/radius-face.ts';
import { createDescribedFace, type Asked } from '#test/support/described-answers.ts';
import { startHttpGateway } from '#test/support/http-gateway.ts';
import { closeServer, listenLater } from '#test/support/listen-later.ts';
import { APP_ORIGIN, CLIENT_SECRET } from '#test/support/oidc/client.ts';
import { clientWith } from '#test/support/oidc/flows.ts';
import { SCIM_KEY, startScimSite } from '#test/support/scim-site.ts';

/* What /openapi.json says of the faces towards machines, held against what they answer: status, media type and headers. */

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const ORIGIN = 'https://wiki.example';
const WEBSITE: Website = {
  appId: 'wiki' as AppId,
  name: 'Wiki',
  clientId: 'website:wiki',
  origin: ORIGIN,
  paths: ['/'],
  publicPaths: ['/health'],
};
const PAGE = { accept: 'text/html' };

describe('what is said of forward authentication', () => {
  async function start() {
    const gateway = await startHttpGateway({ clients: [], websites: [WEBSITE], trustedProxies: ['127.0.0.1/32'] });
    cleanUp.push(() => gateway.close());
    return createDescribedFace(gateway.publicUrl.replace('localhost', '127.0.0.1'));
  }
  /** What a proxy asks about `uri`, in the style of each. */
  const STYLES: readonly (readonly [string, (uri: string, method?: string) => Asked])[] = [
    [
      'get /api/authz/auth-request',
      (uri, method = 'GET') => ({ headers: { 'x-original-url': `${ORIGIN}${uri}`, 'x-original-method': method } }),
    ],
    ['get /oauth2/auth', (uri, method = 'GET') => ({ headers: { 'x-original-url': `${ORIGIN}${uri}`, 'x-original-method': method } })],
    [
      'get /api/authz/forward-auth',
      (uri, method = 'GET') => ({
        headers: {
          'x-forwarded-proto': 'https',
          'x-forwarded-host': 'wiki.example',
          'x-forwarded-uri': uri,
          'x-forwarded-method': method,
        },
      }),
    ],
    [
      'get /api/authz/ext-authz/{path}',
      (uri) => ({ target: `/api/authz/ext-authz${uri}`, headers: { host: 'wiki.example', 'x-forwarded-proto': 'https' } }),
    ],
  ];

  it.each(STYLES)('holds of %s', async (route, asked) => {
    const face = await start();
    const ask = (uri: string, more: Record<string, string> = {}, method = 'GET') => {
      const { headers, ...rest } = asked(uri, method);
      return face.ask(route, { ...rest, headers: { ...headers, ...more } });
    };
    await ask('/health');
    await ask('/a', PAGE);
    await ask('/a', { accept: 'application/json' });
    await ask('/a', PAGE, 'POST');
    await ask('/a//b');
    await ask('/.gatehouse/sign-in', PAGE);
    await ask('/.gatehouse/nothing');
    await ask('/a', { host: 'other.example', 'x-original-url': 'https://other.example/', 'x-forwarded-host': 'other.example' });

    expect(face.faults()).toEqual([]);
    // Envoy asks with the browser's own method, of which the description has GET alone.
    const isEnvoy = route.includes('ext-authz');
    expect(face.unreached()).toEqual(isEnvoy ? ['303', '500'] : ['500']);
  });

  it('names who may ask, the headers of a question, and how long a path may be', async () => {
    const face = await start();
    for (const [route] of STYLES) expect(face.operationOf(route).security).toEqual([{ site_session: [] }, {}]);
    const parametersOf = (route: string, where: string) => (face.operationOf(route).parameters ?? []).filter((one) => one['in'] === where);
    const required = (route: string) => parametersOf(route, 'header').filter((one) => one['required'] === true);
    expect(required('get /api/authz/auth-request').map((one) => one['name'])).toEqual(['X-Original-URL']);
    for (const [missing] of [['x-forwarded-proto'], ['x-forwarded-host'], ['x-forwarded-uri']] as const) {
      const [, asked] = STYLES[2] ?? [];
      const headers = Object.fromEntries(Object.entries(asked?.('/health').headers ?? {}).filter(([name]) => name !== missing));
      expect((await face.ask('get /api/authz/forward-auth', { headers })).status).toBe(400);
      expect(required('get /api/authz/forward-auth').map((one) => String(one['name']).toLowerCase())).toContain(missing);
    }
    const path = parametersOf('get /api/authz/ext-authz/{path}', 'path');
    expect(path).toMatchObject([{ name: 'path', schema: { maxLength: SITE_TARGET_CHARS_MAX } }]);
    const long = (length: number) => ({
      target: `/api/authz/ext-authz/${'a'.repeat(length - 1)}`,
      headers: { host: 'wiki.example', 'x-forwarded-proto': 'https' },
    });
    expect((await face.ask('get /api/authz/ext-authz/{path}', long(SITE_TARGET_CHARS_MAX))).status).toBe(401);
    expect((await face.ask('get /api/authz/ext-authz/{path}', long(SITE_TARGET_CHARS_MAX + 1))).status).toBe(400);
  });
});

it('holds of SCIM', async () => {
  const site = await startScimSite();
  cleanUp.push(() => site.close());
  const face = createDescribedFace(new URL(site.base).origin);
  const ask = (route: string, { headers = {}, ...asked }: Asked = {}) =>
    face.ask(route, {
      ...asked,
      headers: {
        authorization: `Bearer ${SCIM_KEY}`,
        ...(asked.body === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...headers,
      },
    });
  const json = JSON.stringify;
  const idOf = (body: string): string => (JSON.parse(body) as { readonly id: string }).id;
  const patch = (value: unknown) =>
    json({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', path: 'displayName', value }],
    });
  for (const [name, who] of [
    ['Users', { userName: 'ann' }],
    ['Groups', { displayName: 'Staff' }],
  ] as const) {
    const [all, one] = [`/scim/v2/${name}`, `/scim/v2/${name}/{id}`];
    const made = await ask(`post ${all}`, { body: json(who) });
    await ask(`post ${all}`, { body: json(who) });
    await ask(`get ${all}`);
    await ask(`post ${all}/.search`, { body: json({}) });
    const target = `/scim/v2/${name}/${idOf(made.body)}`;
    await ask(`get ${one}`, { target });
    await ask(`get ${one}`, { target, headers: { 'if-none-match': String(made.headers.etag) } });
    await ask(`get ${one}`, { target: `${all}/nobody` });
    await ask(`put ${one}`, { target, body: json(who) });
    await ask(`patch ${one}`, { target, body: patch('Other') });
    await ask(`patch ${one}`, { target, body: patch('Other'), headers: { 'if-match': 'W/"99"' } });
    await ask(`patch ${one}`, { target, body: 'no json' });
    await ask(`delete ${one}`, { target, headers: { 'if-match': 'W/"99"' } });
    await ask(`delete ${one}`, { target });
    await ask(`delete ${one}`, { target });
    await ask(`post ${all}`, { body: '{}', headers: { 'content-type': 'text/plain' } });
    await ask(`post ${all}`, { body: json({ x: 'x'.repeat(SCIM_BODY_BYTES_MAX) }) });
  }
  await ask('post /scim/v2/Bulk', { body: json({ Operations: [] }) });
  for (const list of ['ServiceProviderConfig', 'Schemas', 'ResourceTypes']) {
    await ask(`get /scim/v2/${list}`);
    await ask(`get /scim/v2/${list}`, { target: `/scim/v2/${list}?filter=x` });
  }
  for (const list of ['Schemas', 'ResourceTypes']) await ask(`get /scim/v2/${list}/{id}`, { target: `/scim/v2/${list}/nothing` });
  await ask('get /scim/v2/Users', { target: `/scim/v2/Users?filter=${'a'.repeat(SCIM_URL_CHARS_MAX)}` });
  for (let guess = 0; guess <= SCIM_GUESSES_MAX; guess += 1) await ask('get /scim/v2/Users', { headers: { authorization: 'Bearer x' } });

  expect(face.faults()).toEqual([]);
  expect(face.unreached()).toEqual(['500']);
  expect(face.operationOf('get /scim/v2/Users').security).toEqual([{ directory_key: [] }]);
});

it('holds of RADIUS', async () => {
  const [listener, clock, key] = [await listenLater(), createSystemClock(), 'k'.repeat(64)];
  cleanUp.push(() => closeServer(listener.server));
  const permit: ConnectOutcome = {
    ok: true,
    personId: 'usr_ann' as PersonId,
    decisionId: 'dec_1' as DecisionId,
    sessionTtlS: 60,
    interimS: 60,
  };
  const refuse: ConnectOutcome = { ok: false, message: 'No.' };
  const radius = createVpnRadiusFace({
    realms: [{ realmId: 'staff' as VpnRealmId, keySha256: createHash('sha256').update(key).digest('hex') }],
    connect: async ({ code }) => (code === 'good' ? permit : refuse),
    push: async ({ userName }) => (userName === 'ann' ? permit : refuse),
    connectByCertificate: async ({ names }) => (names[0] === 'pc1' ? permit : refuse),
    sessions: { alive: async () => undefined, stopped: async () => undefined, serverStarted: async () => undefined } as never,
    limits: createAttemptLimits(clock),
    clock,
    log: createLogger({ level: 'fatal', write: () => undefined }),
  });
  listener.serve(radius.handle);
  const face = createDescribedFace(listener.origin);
  const attributes = (values: Readonly<Record<string, string>>): string =>
    JSON.stringify(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { type: 'string', value: [value] }])));
  const ask = (call: string, { headers = {}, realm = 'staff', body = '{}' }: Asked & { readonly realm?: string }) =>
    face.ask(`post /api/vpn/{realmId}/${call}`, {
      target: `/api/vpn/${realm}/${call}`,
      body,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
    });
  const calls = ['authenticate', 'push', 'certificate', 'post-auth', 'accounting'];
  for (const call of calls) {
    await ask(call, { headers: { authorization: 'Bearer x' } });
    await ask(call, { realm: 'nowhere' });
    await ask(call, { body: 'no json' });
    await ask(call, { body: `"${'x'.repeat(AUTHZEN_BODY_BYTES_MAX)}"` });
  }
  for (const password of ['good', 'bad'])
    await ask('authenticate', { body: attributes({ 'User-Name': 'ann', 'User-Password': password, 'Tmp-String-9': 'p1' }) });
  await ask('post-auth', { body: attributes({ 'Tmp-String-9': 'p1' }) });
  await ask('post-auth', { body: attributes({ 'Tmp-String-9': 'p2' }) });
  for (const name of ['ann', 'ben']) await ask('push', { body: attributes({ 'User-Name': name, 'User-Password': 'push' }) });
  for (const name of ['pc1', 'pc2'])
    await ask('certificate', { body: attributes({ 'TLS-Client-Cert-Issuer': '/CN=ca', 'TLS-Client-Cert-Common-Name': name }) });
  await ask('certificate', {});
  await ask('accounting', { body: attributes({ 'Acct-Status-Type': 'Start', 'Acct-Session-Id': 's1', 'User-Name': 'ann' }) });

  expect(face.faults()).toEqual([]);
  for (const call of calls) {
    const route = `post /api/vpn/{realmId}/${call}`;
    expect([...face.statusesOf(route), '500']).toEqual(face.said(route));
    expect(face.operationOf(route).security).toEqual([{ realm_key: [] }]);
  }
});

it('holds of OpenID Connect', async () => {
  const gateway = await startHttpGateway({ clients: [clientWith()] });
  cleanUp.push(() => gateway.close());
  const face = createDescribedFace(gateway.publicUrl);
  const basic = (secret: string) => ({ authorization: `Basic ${Buffer.from(`wiki-client:${secret}`).toString('base64')}` });
  const form = (fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = basic(CLIENT_SECRET)): Asked => ({
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
  const bearer: Asked = { headers: { authorization: 'Bearer x' } };
  const clientsOwn = ['/token', '/token/introspection', '/token/revocation', '/request', '/device/auth', '/backchannel'];
  for (const path of clientsOwn) {
    const route = `post /oidc${path}`;
    await face.ask(route, form({}));
    await face.ask(route, form({ token: 'x' }, basic('wrong')));
    await face.ask(route, form({ token: 'x', x: 'x'.repeat(200_000) }));
    expect(face.operationOf(route).security).toEqual([{ client_secret: [] }, { client_in_form: [] }]);
  }
  await face.ask('post /oidc/token/introspection', form({ token: 'x' }));
  await face.ask('post /oidc/token/revocation', form({ token: 'x' }));
  const request = {
    client_id: 'wiki-client',
    redirect_uri: `${APP_ORIGIN}/callback`,
    response_type: 'code',
    scope: 'openid',
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
  };
  await face.ask('post /oidc/request', form(request));
  await face.ask('get /oidc/me');
  await face.ask('post /oidc/me', form({}, bearer.headers));
  await face.ask('post /oidc/reg', { body: '{}', headers: { ...bearer.headers, 'content-type': 'application/json' } });
  await face.ask('get /oidc/reg/{clientId}', { target: '/oidc/reg/x', ...bearer });
  for (const path of ['/jwks', '/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/approve', '/device'])
    await face.ask(`get /oidc${path}`);
  await face.ask('get /.well-known/oauth-authorization-server/oidc');
  await face.ask('get /oidc/auth', { target: `/oidc/auth?${new URLSearchParams(request).toString()}` });
  await face.ask('get /oidc/auth');
  await face.ask('post /oidc/auth', form({}, {}));
  await face.ask('get /oidc/auth/{uid}', { target: '/oidc/auth/none' });
  await face.ask('post /oidc/device', form({ user_code: 'x' }, {}));
  await face.ask('get /oidc/device/{uid}', { target: '/oidc/device/none' });
  await face.ask('get /oidc/session/end');
  await face.ask('get /oidc/session/end', { target: '/oidc/session/end?id_token_hint=x' });
  await face.ask('post /oidc/session/end', form({}, {}));
  await face.ask('post /oidc/session/end/confirm', form({}, {}));
  await face.ask('get /oidc/session/end/success');

  expect(face.faults()).toEqual([]);
  // 429 takes thousands of requests; test/integration/oidc has it.
  expect(face.unreached()).toEqual(['429', '500']);
});
