import { generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { ANSWER_CHARS_MAX, LOGOUT_FORM_BYTES_MAX } from '#gateway/upstream/upstream-face.ts';
import { UPSTREAM_BODY_BYTES_MAX } from '#gateway/upstream/upstream-fetch.ts';
import type { Forgery } from '#test/support/oidc/forging-idp.ts';
import { isApp } from '#test/support/oidc/client.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';
import { beginAtApp, chooseUpstream, signInThere, startUpstreamSite, type UpstreamSite } from '#test/support/oidc/upstream-site.ts';

const nowS = (): number => Math.floor(Date.now() / 1_000);

/** The provider's answer, before the browser has followed it. */
async function answerOf(
  site: UpstreamSite,
  browser: TestBrowser,
  upstream = 'corp',
): Promise<{ readonly uid: string; readonly answer: URL }> {
  const { uid } = await beginAtApp(site, browser);
  const { body } = await chooseUpstream(site, browser, uid, upstream);
  const response = await browser.request(body.redirectTo);
  return { uid, answer: new URL(response.headers.get('location') ?? '') };
}

const follow = async (browser: TestBrowser, answer: URL) => (await browser.navigate(answer.href, isApp)).url;

/** Nobody is signed in, nothing was asked of the policy. */
async function expectNothing(site: UpstreamSite): Promise<void> {
  expect(site.asked).toEqual([]);
  expect(await site.gateway.liveSessions.ofPerson('person_ann' as never)).toEqual([]);
}

describe('an ID token that is wrong', () => {
  it.each<[string, () => Forgery | Promise<Forgery>]>([
    ['another nonce', () => ({ claims: { nonce: 'another' } })],
    ['no nonce', () => ({ without: ['nonce'] })],
    ['another issuer', () => ({ claims: { iss: 'https://evil.test' } })],
    ['another audience', () => ({ claims: { aud: 'another-client' } })],
    ['two audiences and no authorised party', () => ({ claims: { aud: ['gatehouse', 'another-client'] } })],
    ['another authorised party', () => ({ claims: { aud: ['gatehouse', 'another-client'], azp: 'another-client' } })],
    ['expired', () => ({ claims: { iat: nowS() - 7_200, exp: nowS() - 3_600 } })],
    ['no end', () => ({ without: ['exp'] })],
    ['not signed', () => ({ unsigned: true })],
    ['a key that is not the provider’s', async () => ({ key: (await generateKeyPair('RS256')).privateKey })],
    ['another algorithm', async () => ({ key: (await generateKeyPair('ES256')).privateKey, header: { alg: 'ES256' } })],
    ['an unknown key', () => ({ header: { kid: 'two' } })],
    ['a subject that is no text', () => ({ claims: { sub: 42 as never } })],
    ['a subject without end', () => ({ claims: { sub: 's'.repeat(256) } })],
  ])('is refused: %s', async (_what, forge) => {
    const site = await startUpstreamSite();
    site.idp.say(await forge());
    expect((await signInThere(site)).problem).toBe('upstream.answer_invalid');
    await expectNothing(site);
  });

  it('is refused when it is signed with the client’s secret', async () => {
    const site = await startUpstreamSite();
    const key = new TextEncoder().encode('secret of the gateway'.padEnd(32, ' '));
    site.idp.say({ key: key as never, header: { alg: 'HS256' } });
    expect((await signInThere(site)).problem).toBe('upstream.answer_invalid');
    await expectNothing(site);
  });
});

describe('a provider’s answer', () => {
  it('counts once', async () => {
    const site = await startUpstreamSite();
    const browser = new TestBrowser();
    const { answer, uid } = await answerOf(site, browser);
    const target = `${site.gateway.publicUrl}/api/interaction/${uid}/upstream/callback${answer.search}`;
    const both = await Promise.all([browser.request(target), browser.request(target)]);
    const places = both.map(({ headers }) => headers.get('location') ?? '');
    expect(places.filter((place) => place.includes('/oidc/auth/'))).toHaveLength(1);
    expect(places.filter((place) => place.endsWith('?problem=upstream.expired'))).toHaveLength(1);
    expect((await follow(browser, answer)).pathname).toBe('/signin/expired');
  });

  it('is worth nothing in another browser, and is not used up there', async () => {
    const site = await startUpstreamSite();
    const victim = new TestBrowser();
    const { answer, uid } = await answerOf(site, victim);
    const mallory = new TestBrowser();
    const there = await mallory.navigate(answer.href, isApp);
    expect(there.url.pathname).toBe(`/signin/${uid}`);
    expect((await mallory.call(`${site.gateway.publicUrl}/api/interaction/${uid}`)).status).toBe(404);
    // Also with a sign-in of their own: the answer belongs to the victim's.
    const own = await beginAtApp(site, mallory);
    const forged = await mallory.request(`${site.gateway.publicUrl}/api/interaction/${own.uid}/upstream/callback${answer.search}`);
    expect(forged.headers.get('location')).toBe(`/signin/${own.uid}?problem=upstream.expired`);
    await expectNothing(site);
    expect(uid).not.toBe(own.uid);
  });

  it('cannot carry a code of another sign-in into this one: PKCE', async () => {
    const site = await startUpstreamSite();
    const mallory = new TestBrowser();
    const stolen = (await answerOf(site, mallory)).answer.searchParams.get('code') ?? '';
    const victim = new TestBrowser();
    const { answer } = await answerOf(site, victim);
    answer.searchParams.set('code', stolen);
    expect((await follow(victim, answer)).searchParams.get('problem')).toBe('upstream.answer_invalid');
    await expectNothing(site);
  });

  it.each<[string, Forgery['answer']]>([
    ['no state', { state: null }],
    ['another state', { state: 'x'.repeat(43) }],
  ])('with %s belongs to nobody', async (_what, answer) => {
    const site = await startUpstreamSite();
    site.idp.say(answer === undefined ? {} : { answer });
    expect((await signInThere(site)).url.pathname).toBe('/signin/expired');
    await expectNothing(site);
  });

  it.each<[string, Forgery['answer'], string]>([
    ['of another issuer', { iss: 'https://evil.test' }, 'upstream.answer_invalid'],
    ['without the issuer that the provider promises', { iss: null }, 'upstream.answer_invalid'],
    ['without a code', { code: null }, 'upstream.answer_invalid'],
    ['with an error', { code: null, error: 'access_denied', error_description: '<script>alert(1)</script>' }, 'upstream.refused'],
  ])('%s is refused', async (_what, answer, problem) => {
    const site = await startUpstreamSite();
    site.idp.say(answer === undefined ? {} : { answer });
    const { problem: told, url } = await signInThere(site);
    expect(told).toBe(problem);
    expect(url.href).not.toContain('script');
    await expectNothing(site);
  });

  it('at another provider’s address is nobody’s (mix-up)', async () => {
    const site = await startUpstreamSite();
    const browser = new TestBrowser();
    const { answer } = await answerOf(site, browser, 'other');
    // An attacker at `other` sends the browser on with a code of `corp`, or corp's answer to other's address.
    answer.pathname = '/upstream/corp/callback';
    expect((await follow(browser, answer)).pathname).toBe('/signin/expired');
    const mixed = await answerOf(site, browser, 'corp');
    mixed.answer.searchParams.set('iss', site.other.issuer);
    expect((await follow(browser, mixed.answer)).searchParams.get('problem')).toBe('upstream.answer_invalid');
    // No code and no secret of one provider has gone to the other.
    expect(site.other.requests.filter(({ path }) => path === '/token')).toEqual([]);
    await expectNothing(site);
  });

  it('twice in one address is refused', async () => {
    const site = await startUpstreamSite();
    const browser = new TestBrowser();
    const { answer } = await answerOf(site, browser);
    answer.searchParams.append('code', 'another');
    expect((await follow(browser, answer)).searchParams.get('problem')).toBe('upstream.answer_invalid');
    await expectNothing(site);
  });

  it('has a length', async () => {
    const site = await startUpstreamSite();
    const browser = new TestBrowser();
    const { answer } = await answerOf(site, browser);
    answer.searchParams.set('padding', '');
    answer.searchParams.set('padding', 'p'.repeat(ANSWER_CHARS_MAX - answer.search.length + 1));
    expect((await follow(browser, answer)).pathname).toBe('/signin/expired');
    answer.searchParams.set('padding', (answer.searchParams.get('padding') ?? '').slice(1));
    expect(answer.search).toHaveLength(ANSWER_CHARS_MAX);
    expect((await follow(browser, answer)).origin).toBe('http://localhost:9');
  });

  it('of a browser that is signed in as somebody else ends nothing and opens nothing', async () => {
    const site = await startUpstreamSite();
    await site.gateway.people.save({
      ...(await site.gateway.people.find('person_ann' as never)),
      id: 'person_bob',
      email: 'bob@example.test',
    } as never);
    const browser = new TestBrowser();
    expect((await signInThere(site, browser)).callback).not.toBeNull();
    site.idp.say({ claims: { sub: 'sub-bob', email: 'bob@example.test' } });
    const { problem } = await signInThere(site, browser, { prompt: 'login' });
    expect(problem).toBe('upstream.other_person');
    expect(site.asked.map(({ personId }) => personId)).toEqual(['person_ann']);
  });
});

describe('a provider that fails', () => {
  it.each<[string, Forgery]>([
    ['an error of its own', { tokenStatus: 500, tokenBody: '{}' }],
    ['no JSON', { tokenStatus: 502, tokenBody: '<html>' }],
    ['an answer without end', { tokenStatus: 200, tokenBody: 'x'.repeat(UPSTREAM_BODY_BYTES_MAX + 1) }],
  ])('is told in words, and the sign-in goes on elsewhere: %s', async (_what, forgery) => {
    const site = await startUpstreamSite();
    site.idp.say(forgery);
    const browser = new TestBrowser();
    const { problem, uid } = await signInThere(site, browser);
    expect(['upstream.unreachable', 'upstream.answer_invalid']).toContain(problem);
    site.idp.say({});
    const again = await chooseUpstream(site, browser, uid);
    expect((await follow(browser, new URL(again.body.redirectTo))).origin).toBe('http://localhost:9');
  });

  it('does not keep the gateway from starting, and is found when it is back', async () => {
    const site = await startUpstreamSite();
    site.idp.describe({ issuer: 'https://another.test' });
    const browser = new TestBrowser();
    const { uid } = await beginAtApp(site, browser);
    expect((await chooseUpstream(site, browser, uid)).body.redirectTo).toBe(`/signin/${uid}?problem=upstream.unreachable`);
    site.idp.describe({});
    expect((await chooseUpstream(site, browser, uid)).body.redirectTo).toContain(`${site.idp.issuer}/authorize`);
  });

  it('is called only where its metadata say, by its own protocol', async () => {
    const site = await startUpstreamSite();
    site.idp.describe({ token_endpoint: 'file:///etc/passwd' });
    expect((await signInThere(site)).problem).toBe('upstream.answer_invalid');
    site.idp.describe({ jwks_uri: 'data:application/json,{"keys":[]}' });
    await expectNothing(site);
  });

  it('has no address here where it is not configured', async () => {
    const site = await startUpstreamSite();
    const ask = async (path: string, init: RequestInit = {}) =>
      (await fetch(`${site.gateway.publicUrl}${path}`, { redirect: 'manual', ...init })).status;
    expect(await ask('/upstream/nobody/callback')).toBe(404);
    expect(await ask('/upstream/corp/callback', { method: 'POST' })).toBe(405);
    expect(await ask('/upstream/corp/backchannel-logout')).toBe(405);
    expect(
      await ask('/upstream/corp/backchannel-logout', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }),
    ).toBe(400);
    const form = (lengthBytes: number) => ({
      method: 'POST',
      body: new URLSearchParams({ logout_token: 'x'.repeat(lengthBytes - 'logout_token='.length) }),
    });
    expect(await ask('/upstream/corp/backchannel-logout', form(LOGOUT_FORM_BYTES_MAX))).toBe(400);
    expect(await ask('/upstream/corp/backchannel-logout', form(LOGOUT_FORM_BYTES_MAX + 1))).toBe(413);
    const { uid } = await beginAtApp(site, new TestBrowser());
    expect((await chooseUpstream(site, new TestBrowser(), uid)).status).toBe(404);
  });
});
