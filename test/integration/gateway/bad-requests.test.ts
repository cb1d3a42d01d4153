import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecords } from '#gateway/compose-records.ts';
import type { PersonId, SessionId } from '#gateway/domain/site/ids.ts';
import { statusSchema } from '#gateway/http/contract/admin.ts';
import { BODY_BYTES_MAX, errorBodySchema } from '#gateway/http/contract/common.ts';
import { demoBadgeResultSchema, demoSchema } from '#gateway/http/contract/demo.ts';
import { HEADERS_TIMEOUT_MS, REQUEST_CHECK_INTERVAL_MS } from '#gateway/listen.ts';
import { readLog, untilReadersAnswer } from '#test/support/gateway-log.ts';
import { sendRaw, type RawAnswer } from '#test/support/raw-request.ts';
import { freePort, startGateway, type RunningGateway } from '#test/support/running-gateway.ts';
import { consoleSignIn, enrolAt } from '#test/support/oidc/running-sign-in.ts';
import type { Enrolled } from '#test/support/oidc/sign-in.ts';

let dataDir: string;
let port: number;
let gateway: RunningGateway;
let ada: Enrolled;
let wiki: string;
/** Begun first and looked at last: it takes as long as the gateway's patience. */
let halfRequests: Promise<readonly RawAnswer[]>;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-bad-'));
  port = await freePort();
  gateway = await startGateway({ dataDir, port });
  halfRequests = Promise.all(
    [
      `GET /api/demo HTTP/1.1\r\nHost: localhost:${port}\r\nX-Slow: `,
      `POST /api/demo/badge HTTP/1.1\r\nHost: localhost:${port}\r\n`,
      'G',
    ].map((bytes) => sendRaw(port, bytes, HEADERS_TIMEOUT_MS * 3)),
  );
  await untilReadersAnswer(gateway);
  wiki = (await gateway.api.get('/api/demo', demoSchema)).apps.find(({ id }) => id === 'wiki')?.url ?? expect.fail();
  ada = await enrolAt(gateway, 'usr_ada');
  await consoleSignIn(gateway, ada);
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const headSeq = async () => (await gateway.api.get('/api/status', statusSchema)).headSeq;

interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** As the console sends it, but for what the test changes. */
async function send({ path = '/api/demo/badge', method = 'POST', headers, body }: Sent) {
  const response = await fetch(gateway.url + path, {
    method,
    redirect: 'manual',
    headers: { origin: gateway.url, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const parsed = errorBodySchema.safeParse(await response.json().catch(() => null));
  return { status: response.status, error: parsed.success ? parsed.data.error : null };
}

const badgeOf = (readerId: string): string => JSON.stringify({ personId: 'usr_grace', readerId, walkThrough: false });

describe('the API', () => {
  it.each([
    ['malformed JSON', { body: '{"personId": ' }, 400, 'request.invalid', 'body'],
    ['a body of another content type', { body: 'a=b', headers: { 'content-type': 'text/plain' } }, 415, 'request.invalid', 'content-type'],
    ['a missing field', { body: '{"personId":"usr_grace","walkThrough":false}' }, 400, 'request.invalid', 'readerId'],
    ['an unknown field', { body: `${badgeOf('hq-main-in').slice(0, -1)},"force":true}` }, 400, 'request.invalid', 'force'],
    ['an unknown person or reader', { body: badgeOf('nowhere') }, 404, 'resource.unknown', undefined],
    ['an unknown route', { path: '/api/nothing', body: '{}' }, 404, 'resource.unknown', undefined],
    [
      'a page of another site',
      { body: badgeOf('hq-main-in'), headers: { origin: 'http://evil.example' } },
      403,
      'request.forbidden',
      undefined,
    ],
    [
      'a page of another port',
      { body: badgeOf('hq-main-in'), headers: { origin: 'http://localhost:1' } },
      403,
      'request.forbidden',
      undefined,
    ],
    ['nobody at all', { path: '/api/people', method: 'GET' }, 401, 'request.unauthenticated', undefined],
    [
      'a forged cookie',
      { path: '/api/people', method: 'GET', headers: { cookie: 'gatehouse-console=forged' } },
      401,
      'request.unauthenticated',
      undefined,
    ],
    [
      'a forged bearer token',
      { path: '/api/people', method: 'GET', headers: { authorization: 'Bearer forged' } },
      401,
      'request.unauthenticated',
      undefined,
    ],
    ['a path out of the served folder', { path: '/assets/..%2f..%2f..%2fpackage.json', method: 'GET' }, 404, 'resource.unknown', undefined],
  ] as const)('answers %s with a clear error', async (...[, sent, status, code, field]) => {
    const answer = await send(sent);
    expect([answer.status, answer.error?.code, answer.error?.field]).toEqual([status, code, field]);
  });

  it('takes a body of the limit and refuses one byte more', async () => {
    const padded = (lengthBytes: number): string => badgeOf('nowhere').padEnd(lengthBytes, ' ');
    expect((await send({ body: padded(BODY_BYTES_MAX) })).status).toBe(404);
    expect(await send({ body: padded(BODY_BYTES_MAX + 1) })).toMatchObject({ status: 413, error: { code: 'request.too_large' } });
  });

  it('takes neither an expired session nor one of somebody who was suspended since', async () => {
    const records = await openRecords(dataDir);
    const session = async (personId: string, expiresInMs: number): Promise<string> => {
      const secret = randomBytes(32).toString('base64url');
      const nowMs = Date.now();
      await records.sessions.create({
        id: `ses_${personId}_${expiresInMs}` as SessionId,
        personId: personId as PersonId,
        kind: 'cli',
        secretSha256: createHash('sha256').update(secret).digest('hex'),
        createdAtMs: nowMs - 60_000,
        authenticatedAtMs: nowMs - 60_000,
        amr: ['hwk', 'user', 'mfa'],
        acr: 'urn:gatehouse:acr:passkey',
        userVerified: true,
        credentialId: null,
        expiresAtMs: nowMs + expiresInMs,
      });
      return secret;
    };
    const ask = async (secret: string) =>
      (await send({ path: '/api/people', method: 'GET', headers: { authorization: `Bearer ${secret}` } })).status;
    expect(await ask(await session('usr_ada', 60_000))).toBe(200);
    expect(await ask(await session('usr_ada', -1))).toBe(401);
    const grace = await session('usr_grace', 60_000);
    expect(await ask(grace)).toBe(200);
    // In the store alone: nobody has told the running gateway.
    await records.people.changeStanding({ personId: 'usr_grace' as PersonId, to: 'suspended', nowMs: Date.now() });
    expect(await ask(grace)).toBe(401);
    await records.people.changeStanding({ personId: 'usr_grace' as PersonId, to: 'active', nowMs: Date.now() });
    await records.close();
  });

  it('refuses what the role does not allow, with a decision that is in the log', async () => {
    const answer = await ada.browser.call<{ error: { code: string; decisionId?: string } }>(`${gateway.url}/api/people/usr_ada/reinstate`, {
      reason: 'no reason',
    });
    expect(answer).toMatchObject({ status: 409 });
    const milo = await enrolAt(gateway, 'usr_milo');
    await consoleSignIn(gateway, milo);
    const denied = await milo.browser.call<{ error: { code: string; decisionId?: string } }>(
      `${gateway.url}/api/people/usr_nina/enrolment`,
      {},
    );
    expect(denied).toMatchObject({ status: 403, body: { error: { code: 'operator.not_authorized' } } });
    const decisions = await readLog(gateway, 'decision');
    expect(decisions.map(({ record }) => record.type === 'decision' && record.decisionId)).toContain(denied.body.error.decisionId);
  });
});

describe('the identity provider', () => {
  const authorize = async (change: Record<string, string | null>) => {
    const url = new URL(`${gateway.url}/oidc/auth`);
    const parameters: Record<string, string | null> = {
      client_id: 'wiki',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${wiki}/callback`,
      state: 'xyz',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
      ...change,
    };
    for (const [name, value] of Object.entries(parameters)) if (value !== null) url.searchParams.set(name, value);
    const response = await fetch(url, { redirect: 'manual', headers: { accept: 'text/html' } });
    return { status: response.status, location: response.headers.get('location'), text: await response.text() };
  };

  it('goes on to the sign-in page when the request is right', async () => {
    expect((await authorize({})).location).toMatch(/^\/signin\//);
  });

  it.each([
    ['an unknown client', { client_id: 'nobody' }, 'invalid_client'],
    ['a return address that is not registered', { redirect_uri: 'http://evil.example/callback' }, 'invalid_redirect_uri'],
    ['no return address', { redirect_uri: null }, 'invalid_request'],
  ])('shows a page and sends nobody anywhere for %s', async (_what, change, code) => {
    const answer = await authorize({ ...change });
    expect([answer.status, answer.location]).toEqual([400, null]);
    expect(answer.text).toContain(code);
  });

  it('compares return addresses to the last character', async () => {
    const answer = await authorize({ redirect_uri: `${wiki}/callback/` });
    expect([answer.status, answer.location]).toEqual([400, null]);
  });

  it.each([
    ['no PKCE', { code_challenge: null, code_challenge_method: null }, 'invalid_request'],
    ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a response type without code', { response_type: 'token' }, 'unsupported_response_type'],
    ['a sign-in that must not be asked for', { prompt: 'none' }, 'login_required'],
  ])('sends %s back to the app as an error', async (_what, change, code) => {
    const { location } = await authorize({ ...change });
    expect(location?.startsWith(`${wiki}/callback`)).toBe(true);
    expect(location).toContain(`error=${code}`);
  });

  it.each([
    ['a forged access token', '/oidc/me', { headers: { authorization: 'Bearer forged' } }, 401, 'invalid_token'],
    [
      'a wrong client secret',
      '/oidc/token',
      { method: 'POST', body: 'grant_type=authorization_code&code=x', headers: { authorization: `Basic ${btoa('wiki:wrong')}` } },
      401,
      'invalid_client',
    ],
    [
      'a token request without a client',
      '/oidc/token',
      { method: 'POST', body: 'grant_type=refresh_token&refresh_token=x' },
      400,
      'invalid_request',
    ],
    [
      'a token request that is JSON',
      '/oidc/token',
      { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } },
      400,
      'invalid_request',
    ],
    ['an oversized token request', '/oidc/token', { method: 'POST', body: `x=${'a'.repeat(70_000)}` }, 413, 'invalid_request'],
  ] as const)('answers %s with its error code', async (...[, path, init, status, code]) => {
    const response = await fetch(gateway.url + path, {
      ...init,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...('headers' in init ? init.headers : {}) },
    });
    expect([response.status, await response.json()]).toMatchObject([status, { error: code }]);
  });
});

describe('the listener', () => {
  const host = (): string => `Host: localhost:${port}`;

  it.each([
    ['no HTTP at all', () => '\u0016\u0003\u0001 not http\r\n\r\n', 400],
    ['another host', () => 'GET /api/demo HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n', 400],
    ['two hosts', () => `GET /api/demo HTTP/1.1\r\n${host()}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`, 400],
    ['no host', () => 'GET /api/demo HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    [
      'an absolute address of another host',
      () => `GET http://evil.example/api/demo HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
      400,
    ],
    [
      'a length and a chunked body',
      () => `POST /api/demo/badge HTTP/1.1\r\n${host()}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['a bare line feed in a header', () => `GET /api/demo HTTP/1.1\r\n${host()}\r\nX: a\nY: b\r\n\r\n`, 400],
    ['headers beyond their limit', () => `GET / HTTP/1.1\r\n${host()}\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
  ])('refuses %s', async (_what, bytes, status) => {
    expect((await sendRaw(port, bytes(), 3_000)).status).toBe(status);
  });

  it('survives random bytes', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => sendRaw(port, randomBytes(50 + index * 97), 1_000)));
    expect(answers.every(({ status }) => status === 400 || status === null)).toBe(true);
  });

  it('answers its people while it is flooded with connections that say nothing', async () => {
    const silent = Array.from({ length: 200 }, () => sendRaw(port, '', 1_500));
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
    expect(await gateway.api.post('/api/demo/badge', JSON.parse(badgeOf('hq-main-in')), demoBadgeResultSchema)).toMatchObject({
      outcome: 'granted',
    });
    await Promise.all(silent);
  });

  it('does not wait for a half request longer than it says', async () => {
    for (const { openMs } of await halfRequests) expect(openMs).toBeLessThan(HEADERS_TIMEOUT_MS + REQUEST_CHECK_INTERVAL_MS + 2_000);
  });
});

it('has lost nothing after all of it: the log is whole and goes on', async () => {
  const before = await headSeq();
  expect(await gateway.api.post('/api/demo/badge', JSON.parse(badgeOf('hq-main-in')), demoBadgeResultSchema)).toMatchObject({
    outcome: 'granted',
  });
  expect(await headSeq()).toBeGreaterThan(before);
  expect(await gateway.cli('audit', 'verify')).toMatchObject({ code: 0 });
});
