import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BODY_BYTES_MAX, type ErrorBody } from '#gateway/http/contract/common.ts';
import { RATE_LIMITS } from '#gateway/http/middleware/rate-limits.ts';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';
import { enrolPerson, signInToConsole, type Enrolled } from '#test/support/oidc/sign-in.ts';

let gateway: HttpGateway;
let admin: Enrolled;

beforeEach(async () => {
  gateway = await startHttpGateway({ clients: [] });
  admin = await enrolPerson(gateway, 'ada', { roles: ['security_admin'] });
  await signInToConsole(gateway, admin);
});
afterEach(async () => {
  // Whatever a test sent: the gateway still answers.
  expect((await fetch(`${gateway.publicUrl}/livez`)).status).toBe(200);
  await gateway.close();
});

interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

async function send({ path = '/api/people/person_ada/suspend', method = 'POST', body, headers }: Sent) {
  const response = await admin.browser.request(`${gateway.publicUrl}${path}`, {
    method,
    headers: { origin: gateway.publicUrl, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, error: ((await response.json()) as ErrorBody).error };
}

const withReason = (reason: string): string => JSON.stringify({ reason });

it.each([
  ['malformed JSON', { body: '{"reason": ' }, 400, 'request.invalid', 'body'],
  ['a body that is no object', { body: '"text"' }, 400, 'request.invalid', 'body'],
  ['a missing field', { body: '{}' }, 400, 'request.invalid', 'reason'],
  ['a field of the wrong type', { body: '{"reason": 7}' }, 400, 'request.invalid', 'reason'],
  ['a reason that is too short', { body: withReason('no') }, 400, 'request.invalid', 'reason'],
  ['a reason that is too long', { body: withReason('x'.repeat(501)) }, 400, 'request.invalid', 'reason'],
  ['a field that nobody asked for', { body: '{"reason":"because","force":true}' }, 400, 'request.invalid', 'force'],
  ['another content type', { body: 'reason=x', headers: { 'content-type': 'text/plain' } }, 415, 'request.invalid', 'content-type'],
  ['a compressed body', { body: withReason('because'), headers: { 'content-encoding': 'gzip' } }, 415, 'request.invalid', undefined],
  ['an unknown route', { path: '/api/nothing', body: '{}' }, 404, 'resource.unknown', undefined],
  ['a query that is no number', { path: '/api/log?limit=many', method: 'GET' }, 400, 'request.invalid', 'limit'],
  ['a page beyond the limit', { path: '/api/people?limit=501', method: 'GET' }, 400, 'request.invalid', 'limit'],
  ['a query that nobody asked for', { path: '/api/log?sort=asc', method: 'GET' }, 400, 'request.invalid', 'sort'],
  ['a record type that does not exist', { path: '/api/log?types=gossip', method: 'GET' }, 400, 'request.invalid', 'types.0'],
  ['an identifier beyond its length', { path: `/api/people/${'x'.repeat(129)}`, method: 'GET' }, 400, 'request.invalid', 'id'],
  ['a path that cannot be decoded', { path: '/api/people/%E0%A4%A', method: 'GET' }, 400, 'request.invalid', undefined],
] as const)('answers %s with a clear error', async (...[, sent, status, code, field]) => {
  const answer = await send(sent);

  expect([answer.status, answer.error.code]).toEqual([status, code]);
  if (field !== undefined) expect(answer.error.field).toBe(field);
});

it('takes a body of exactly the limit and refuses one byte more', async () => {
  const padding = BODY_BYTES_MAX - '{"reason":""}'.length;
  const atLimit = await send({ body: withReason('x'.repeat(padding)) });
  const beyond = await send({ body: withReason('x'.repeat(padding + 1)) });

  // At the limit it is read, and then too long for a reason.
  expect([atLimit.status, atLimit.error.field]).toEqual([400, 'reason']);
  expect([beyond.status, beyond.error.code]).toEqual([413, 'request.too_large']);
});

it('refuses an unsafe request from another site or without an origin', async () => {
  const foreign = await send({ body: withReason('because'), headers: { origin: 'https://evil.example' } });
  expect([foreign.status, foreign.error.code]).toEqual([403, 'request.forbidden']);

  const response = await admin.browser.request(`${gateway.publicUrl}/api/people/person_ada/suspend`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: withReason('because'),
  });
  expect(response.status).toBe(403);
});

it('does not answer under another host name', async () => {
  const status = await new Promise<number | undefined>((resolve, reject) => {
    httpRequest(`${gateway.publicUrl}/oidc/.well-known/openid-configuration`, { headers: { host: 'evil.example' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

  expect(status).toBe(400);
});

it('ignores forwarding headers of a client when it states its endpoints', async () => {
  const response = await fetch(`${gateway.publicUrl}/oidc/.well-known/openid-configuration`, {
    headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
  });

  expect(await response.text()).not.toContain('evil.example');
});

it('sends a strict policy with every page', async () => {
  const response = await fetch(`${gateway.publicUrl}/oidc/session/end/success`);
  const policy = response.headers.get('content-security-policy') ?? '';

  for (const directive of ["default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'", "frame-ancestors 'none'"]) {
    expect(policy).toContain(directive);
  }
  expect(policy).not.toContain('unsafe');
  expect(response.headers.get('permissions-policy')).toContain('publickey-credentials-get=(self)');
});

it('refuses a malformed Last-Event-ID', async () => {
  const answer = await send({ path: '/api/events', method: 'GET', headers: { 'last-event-id': 'yesterday' } });
  expect([answer.status, answer.error.field]).toEqual([400, 'last-event-id']);
});

it('refuses a challenge that was answered before', async () => {
  const { browser, authenticator } = admin;
  const { body: begin } = await browser.call<{ ceremonyId: string; options: never }>(`${gateway.publicUrl}/api/session/options`, {});
  const answer = { ceremonyId: begin.ceremonyId, response: authenticator.get(begin.options) };
  expect((await browser.call(`${gateway.publicUrl}/api/session`, answer)).status).toBe(200);

  const replay = await browser.call<ErrorBody>(`${gateway.publicUrl}/api/session`, answer);

  expect([replay.status, replay.body.error.code]).toEqual([401, 'authentication.failed']);
  expect(await gateway.records()).toContainEqual(
    expect.objectContaining({ type: 'credential', event: 'authentication_failed', cause: 'challenge_unknown' }),
  );
});

it('refuses a passkey that was used on another origin', async () => {
  const phished = admin.authenticator.clone({ origin: 'http://localhost.evil.example' });

  const { status } = await signInToConsole(gateway, { browser: admin.browser, authenticator: phished });

  expect(status).toBe(401);
  expect(await gateway.records()).toContainEqual(
    expect.objectContaining({ event: 'authentication_failed', personId: admin.personId, cause: 'assertion_invalid' }),
  );
});

it('lets an address ask for as many challenges as its limit says and no more, and still answer one', async () => {
  const { browser, authenticator } = admin;
  const ask = async () => browser.call<{ ceremonyId: string; options: never }>(`${gateway.publicUrl}/api/session/options`, {});
  // One was counted when the admin signed in.
  const answers = [];
  for (let count = 0; count <= RATE_LIMITS.challenge - 1; count += 1) answers.push(await ask());

  expect(answers.slice(0, -1).every(({ status }) => status === 200)).toBe(true);
  expect(answers.at(-1)?.status).toBe(429);
  const { ceremonyId, options } = answers.at(-2)?.body ?? {};
  const signIn = await browser.call(`${gateway.publicUrl}/api/session`, { ceremonyId, response: authenticator.get(options as never) });
  expect(signIn.status).toBe(200);
});

it('refuses passkeys of an address that failed as often as its limit says', async () => {
  const phished = { browser: admin.browser, authenticator: admin.authenticator.clone({ origin: 'http://localhost.evil.example' }) };
  const statuses: number[] = [];
  for (let count = 0; count <= RATE_LIMITS.failedCeremony; count += 1) statuses.push((await signInToConsole(gateway, phished)).status);

  expect(statuses.slice(0, -1).every((status) => status === 401)).toBe(true);
  expect(statuses.at(-1)).toBe(429);
});

it('refuses enrolment links of an address that guessed as often as its limit says', async () => {
  const guess = async () => (await admin.browser.call(`${gateway.publicUrl}/api/enrolment/options`, { token: 'A'.repeat(43) })).status;
  const statuses: number[] = [];
  for (let count = 0; count <= RATE_LIMITS.failedEnrolment; count += 1) statuses.push(await guess());

  expect(statuses.slice(0, -1).every((status) => status === 410)).toBe(true);
  expect(statuses.at(-1)).toBe(429);
});

it('answers ready only when every part answers', async () => {
  expect(await (await fetch(`${gateway.publicUrl}/readyz`)).json()).toEqual({ ready: true, store: 'ok', log: 'ok', doors: 'ok' });
});

it('does not sign in when the log cannot be written', async () => {
  gateway.audit.breakDown();

  const { status } = await signInToConsole(gateway, admin);

  expect(status).toBe(503);
});
