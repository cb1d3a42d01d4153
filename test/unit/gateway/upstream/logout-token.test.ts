import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWTVerifyGetKey,
} from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyLogoutToken } from '#gateway/upstream/logout-token.ts';

const NOW_S = 1_790_000_000;
const URL_OF_KEYS = new URL('https://idp.test/jwks');
let privateKey: CryptoKey;
let jwk: Record<string, unknown>;

beforeAll(async () => {
  const pair = await generateKeyPair('RS256');
  privateKey = pair.privateKey;
  jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
});

const sign = (change: Record<string, unknown> = {}, kid = 'one') =>
  new SignJWT({
    iss: 'https://idp.test',
    aud: 'gatehouse',
    iat: NOW_S,
    jti: 'jti-1',
    sub: 'sub-ann',
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    ...change,
  })
    .setProtectedHeader({ alg: 'RS256', kid, typ: 'logout+jwt' })
    .sign(privateKey);

const verify = (token: string, keys: JWTVerifyGetKey) =>
  verifyLogoutToken(token, { keys, issuer: 'https://idp.test', clientId: 'gatehouse', alg: 'RS256', now: new Date(NOW_S * 1_000) });

const remote = (answer: () => Promise<Response>) => createRemoteJWKSet(URL_OF_KEYS, { [customFetch]: answer });
const answering = (body: unknown) => remote(async () => Response.json(body));

describe('a logout token', () => {
  it('names whose session has ended', async () => {
    expect(await verify(await sign(), answering({ keys: [jwk] }))).toEqual({ subject: 'sub-ann', sid: null, tokenId: 'jti-1' });
  });

  it.each<[string, () => Promise<string>]>([
    ['a key that the provider does not have', () => sign({}, 'another')],
    ['a claim of another kind', () => sign({ sid: 7 })],
    ['an id that calls itself long', () => sign({ sub: { length: { toString: null } } })],
    ['another issuer', () => sign({ iss: 'https://evil.test' })],
    ['a time long ago', () => sign({ iat: NOW_S - 1_000 })],
    ['a header that is none', async () => `\u00e9.${(await sign()).split('.').slice(1).join('.')}`],
    ['a content that was changed', async () => (await sign()).replace(/\.[^.]+\./, '.e30.')],
    ['a signature that was cut off', async () => (await sign()).replace(/\.[^.]+$/, '.')],
    ['nothing that is a token', async () => 'nonsense'],
  ])('is not believed with %s', async (_what, forge) => {
    expect(await verify(await forge(), answering({ keys: [jwk] }))).toBeNull();
  });

  it('is not believed where it names no key and the provider has two', async () => {
    const other = { ...jwk, kid: 'two' };
    const token = await new SignJWT({}).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
    expect(await verify(token, createLocalJWKSet({ keys: [jwk, other] as never }))).toBeNull();
  });

  it.each<[string, () => JWTVerifyGetKey]>([
    ['do not answer', () => remote(() => Promise.reject(new TypeError('fetch failed')))],
    ['answer too late', () => remote(() => Promise.reject(new DOMException('late', 'TimeoutError')))],
    ['answer with an error', () => remote(async () => new Response('{}', { status: 500 }))],
    ['are not JSON', () => remote(async () => new Response('<html>'))],
    ['are no set of keys', () => answering({ keys: 'none' })],
    ['are broken', () => answering({ keys: [{ ...jwk, n: 'AQAB', e: '' }] })],
  ])('is neither believed nor refused while the keys of the provider %s', async (_what, keys) => {
    await expect(verify(await sign(), keys())).rejects.toMatchObject({ name: 'UpstreamFailure', problem: 'upstream.unreachable' });
  });
});
