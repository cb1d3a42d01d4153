import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, expect, it, vi } from 'vitest';
import type { HttpGatewayOptions } from '../http-gateway.ts';
import { APP_ORIGIN } from './client.ts';
import { clientWith, keyClient, someKey } from './flows.ts';
import {
  authorize,
  callToken,
  endpoint,
  follow,
  opClient,
  redeem,
  requestOf,
  signIn,
  startOp,
  userInfo,
  type Op,
  type ResponseMode,
} from './op.ts';

/** The 38 modules of the suite's plan "Basic OP", under their names; the plan "Form Post OP" is the same with another response mode. */
export function basicModules(mode: ResponseMode): void {
  const cleanUp: (() => Promise<void>)[] = [];
  afterEach(async () => {
    vi.useRealTimers();
    for (const step of cleanUp.splice(0).reverse()) await step();
  });
  const start = async (options: Partial<HttpGatewayOptions> = {}): Promise<Op> => {
    const op = await startOp({ ...options, mode });
    cleanUp.push(() => op.gateway.close());
    return op;
  };
  const later = (byMs: number): void => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs });
  };
  const wantsError = (outcome: Awaited<ReturnType<typeof authorize>>): string => outcome.response?.get('error') ?? outcome.page?.text ?? '';

  it('oidcc-server', async () => {
    const op = await start();
    const signedIn = await signIn(op);
    expect(await userInfo(op, signedIn.accessToken)).toMatchObject({ sub: signedIn.claims.sub });
  });

  it('oidcc-response-type-missing', async () => {
    const op = await start();
    expect(wantsError(await authorize(op, requestOf(op, { response_type: null })))).toMatch(/invalid_request|unsupported_response_type/);
  });

  it('oidcc-idtoken-signature', async () => {
    const op = await start({ clients: [clientWith({ mayOmitPkce: true, idTokenAlg: 'RS256' })] });
    expect((await signIn(op)).alg).toBe('RS256');
  });

  it('oidcc-idtoken-unsigned', async () => {
    const op = await start();
    // The suite passes the module over for a provider that does not announce `none`.
    expect(op.metadata['id_token_signing_alg_values_supported']).not.toContain('none');
  });

  it('oidcc-userinfo-get', async () => {
    const op = await start();
    const { accessToken, claims } = await signIn(op);
    expect((await userInfo(op, accessToken))['sub']).toBe(claims.sub);
  });

  it('oidcc-userinfo-post-header', async () => {
    const op = await start();
    const { accessToken, claims } = await signIn(op);
    const response = await fetch(endpoint(op, 'userinfo'), { method: 'POST', headers: { authorization: `Bearer ${accessToken}` } });
    expect(await response.json()).toMatchObject({ sub: claims.sub });
  });

  it('oidcc-userinfo-post-body', async () => {
    const op = await start();
    const { accessToken, claims } = await signIn(op);
    const response = await fetch(endpoint(op, 'userinfo'), { method: 'POST', body: new URLSearchParams({ access_token: accessToken }) });
    expect(await response.json()).toMatchObject({ sub: claims.sub });
  });

  it('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', async () => {
    const op = await start();
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    // Without a nonce even a client with the exception has to use PKCE (RFC 9700 2.1.1).
    const { response } = await authorize(op, requestOf(op, { nonce: null, code_challenge: challenge, code_challenge_method: 'S256' }));
    const { body } = await redeem(op, response, { code_verifier: verifier });
    expect(decodeJwt(String(body['id_token']))).not.toHaveProperty('nonce');
  });

  it.each([
    ['oidcc-scope-profile', 'openid profile', { name: 'Person ann' }],
    ['oidcc-scope-email', 'openid email', { email: 'ann@example.test' }],
    // Scopes that are not announced are passed over, and nothing is made up.
    ['oidcc-scope-address', 'openid address', {}],
    ['oidcc-scope-phone', 'openid phone', {}],
    ['oidcc-scope-all', 'openid profile email address phone', { name: 'Person ann', email: 'ann@example.test' }],
  ])('%s', async (_name, scope, claims) => {
    const op = await start();
    const { accessToken } = await signIn(op, { scope });
    const info = await userInfo(op, accessToken);
    expect(info).toMatchObject(claims);
    expect(info).not.toHaveProperty('address');
    expect(info).not.toHaveProperty('phone_number');
  });

  it('oidcc-alternate-happy-flow', async () => {
    const op = await start();
    const parameters = requestOf(op, { scope: 'email profile openid' });
    const reversed = new URLSearchParams([...parameters].reverse());
    const { status } = await redeem(op, (await authorize(op, reversed)).response);
    expect(status).toBe(200);
  });

  it.each(['page', 'popup'])('oidcc-display-%s', async (display) => {
    const op = await start();
    expect((await signIn(op, { display })).outcome.wasAsked).toBe(true);
  });

  it('oidcc-prompt-login', async () => {
    const op = await start();
    const first = await signIn(op);
    later(2_000);
    const second = await signIn(op, { prompt: 'login' });
    expect(second.outcome.wasAsked).toBe(true);
    expect(second.claims['auth_time']).toBeGreaterThan(Number(first.claims['auth_time']));
  });

  it('oidcc-prompt-none-not-logged-in', async () => {
    const op = await start();
    const { response } = await authorize(op, requestOf(op, { prompt: 'none' }));
    expect(response?.get('error')).toBe('login_required');
  });

  it('oidcc-prompt-none-logged-in', async () => {
    const op = await start();
    const first = await signIn(op);
    const second = await signIn(op, { prompt: 'none' });
    expect(second.outcome.wasAsked).toBe(false);
    expect([second.claims.sub, second.claims['auth_time']]).toEqual([first.claims.sub, first.claims['auth_time']]);
  });

  it('oidcc-max-age-1', async () => {
    const op = await start();
    const first = await signIn(op);
    later(3_000);
    const second = await signIn(op, { max_age: '1' });
    expect(second.outcome.wasAsked).toBe(true);
    expect(second.claims['auth_time']).toBeGreaterThan(Number(first.claims['auth_time']));
  });

  it('oidcc-max-age-10000', async () => {
    const op = await start();
    const first = await signIn(op, { max_age: '15000' });
    later(2_000);
    const second = await signIn(op, { max_age: '10000' });
    expect(second.outcome.wasAsked).toBe(false);
    expect([second.claims.sub, second.claims['auth_time']]).toEqual([first.claims.sub, first.claims['auth_time']]);
  });

  it('oidcc-ensure-request-with-unknown-parameter-succeeds', async () => {
    const op = await start();
    await signIn(op, { extra: 'foobar' });
  });

  it('oidcc-id-token-hint', async () => {
    const op = await start();
    const first = await signIn(op);
    const second = await signIn(op, { prompt: 'none', id_token_hint: first.idToken });
    expect(second.outcome.wasAsked).toBe(false);
    expect([second.claims.sub, second.claims['auth_time']]).toEqual([first.claims.sub, first.claims['auth_time']]);
  });

  it.each([
    ['oidcc-login-hint', { login_hint: 'buffy@example.test' }],
    ['oidcc-ui-locales', { ui_locales: 'se' }],
    ['oidcc-claims-locales', { claims_locales: 'se' }],
  ])('%s', async (_name, parameters) => {
    const op = await start();
    await signIn(op, parameters);
  });

  it('oidcc-ensure-request-with-acr-values-succeeds', async () => {
    const op = await start();
    const announced = op.metadata['acr_values_supported'] as readonly string[];
    const { claims } = await signIn(op, { acr_values: announced.slice(0, 2).join(' ') });
    expect(announced).toContain(claims['acr']);
    // What nobody announced is a wish, and passed over.
    expect((await signIn(op, { acr_values: '1 2' })).claims.sub).toBe(claims.sub);
  });

  it.each([
    ['oidcc-codereuse', 0],
    ['oidcc-codereuse-30seconds', 30_000],
  ])('%s', async (_name, waitMs) => {
    const op = await start();
    const { response } = await authorize(op, requestOf(op));
    const first = await redeem(op, response);
    expect(first.status).toBe(200);
    if (waitMs > 0) later(waitMs);
    expect(await redeem(op, response)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    await expect(userInfo(op, String(first.body['access_token']))).rejects.toThrow('401');
  });

  it('oidcc-ensure-registered-redirect-uri', async () => {
    const op = await start();
    const { page, response } = await authorize(op, requestOf(op, { redirect_uri: `${APP_ORIGIN}/unregistered` }));
    expect(response).toBeNull();
    expect(page?.status).toBe(400);
    expect(page?.text).toContain('invalid_redirect_uri');
  });

  it('oidcc-ensure-post-request-succeeds', async () => {
    const op = await start();
    const posted = await op.person.browser.request(endpoint(op, 'authorization'), { method: 'POST', body: requestOf(op) });
    const { response } = await follow(op, new URL(posted.headers.get('location') ?? '', endpoint(op, 'authorization')).href);
    expect((await redeem(op, response)).status).toBe(200);
  });

  it('oidcc-server-client-secret-post', async () => {
    const started = await start({ clients: [clientWith({ mayOmitPkce: true, authMethod: 'client_secret_post' })] });
    const op: Op = { ...started, client: { ...opClient, auth: 'post' } };
    expect((await signIn(op)).claims.sub).toBe(op.person.personId);
  });

  it('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported', async () => {
    const op = await start();
    const { response } = await authorize(op, requestOf(op, { request_uri: `${APP_ORIGIN}/request.jwt` }));
    expect(response?.get('error')).toBe('request_uri_not_supported');
    expect(op.metadata['request_object_signing_alg_values_supported']).not.toContain('none');
  });

  it('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported', async () => {
    const op = await start();
    const request = new UnsecuredJWT({ state: 'from-the-object' }).setIssuer(op.client.clientId).setAudience(op.issuer).encode();
    const outcome = await authorize(op, requestOf(op, { request }));
    // `none` is not announced: the whole request is refused.
    expect(wantsError(outcome)).toMatch(/request_not_supported|invalid_request_object/);
    expect(outcome.response?.get('code') ?? null).toBeNull();
  });

  it('oidcc-claims-essential', async () => {
    const op = await start();
    const claims = JSON.stringify({ userinfo: { name: { essential: true } } });
    const { accessToken } = await signIn(op, { claims, scope: 'openid profile' });
    expect(await userInfo(op, accessToken)).toMatchObject({ name: 'Person ann' });
  });

  it('oidcc-ensure-request-object-with-redirect-uri', async () => {
    const key = await someKey('RS256', 'k1');
    const op = await start({ clients: [keyClient(key, { mayOmitPkce: true })] });
    const outside = requestOf(op, { redirect_uri: `${APP_ORIGIN}/unregistered` });
    const request = await new SignJWT({ ...Object.fromEntries(outside), redirect_uri: op.client.redirectUri })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setIssuer(op.client.clientId)
      .setAudience(op.issuer)
      .sign(key.privateKey);
    outside.set('request', request);
    const { response } = await authorize(op, outside);
    expect(response?.get('code')).toBeTypeOf('string');
  });

  it('oidcc-refresh-token', async () => {
    const other = { ...opClient, clientId: 'other' };
    const op = await start({ clients: [clientWith({ mayOmitPkce: true }), clientWith({}, { clientId: 'other' })] });
    const { claims, refreshToken } = await signIn(op);
    const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken ?? '' };

    // Bound to the client that it was given to.
    expect(await callToken({ ...op, client: other }, refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const { body, status } = await callToken(op, refresh);
    expect(status).toBe(200);
    expect(decodeJwt(String(body['id_token']))).toMatchObject({ sub: claims.sub, iss: op.issuer, auth_time: claims['auth_time'] });
    expect(await userInfo(op, String(body['access_token']))).toMatchObject({ sub: claims.sub });
  });

  it('oidcc-ensure-request-with-valid-pkce-succeeds', async () => {
    const op = await start();
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const { response } = await authorize(op, requestOf(op, { code_challenge: challenge, code_challenge_method: 'S256' }));
    expect((await redeem(op, response, { code_verifier: verifier })).status).toBe(200);
  });
}
