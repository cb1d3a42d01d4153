import { generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import type { ForgingIdp } from '#test/support/oidc/forging-idp.ts';
import { personId } from '#test/support/people.ts';
import { until } from '#test/support/running-gateway.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';
import { logOutFrom, signInThere, startUpstreamSite, type UpstreamSite } from '#test/support/oidc/upstream-site.ts';

const ANN = personId('ann');
const sessionsOf = async ({ gateway }: UpstreamSite) =>
  (await gateway.liveSessions.ofPerson(ANN)).filter(({ kind }) => kind === 'provider').length;
const signIn = async (site: UpstreamSite, sid: string) => {
  site.idp.say({ claims: { sid } });
  expect((await signInThere(site, new TestBrowser())).callback).not.toBeNull();
};

describe('a logout at the provider', () => {
  it('ends the sessions of its session, and no other', async () => {
    const site = await startUpstreamSite();
    await signIn(site, 'sid-1');
    await signIn(site, 'sid-2');
    expect(await sessionsOf(site)).toBe(2);
    expect(await logOutFrom(site, await site.idp.logoutToken({ sid: 'sid-1' }))).toBe(200);
    expect(await sessionsOf(site)).toBe(1);
    const ended = (await site.gateway.records()).filter((record) => record.type === 'session' && record.event === 'ended');
    expect(ended.map((record) => ('cause' in record ? record.cause : ''))).toEqual(['upstream:corp', 'upstream:corp']);
  });

  it('ends everything of the subject where it names no session', async () => {
    const site = await startUpstreamSite();
    await signIn(site, 'sid-1');
    await signIn(site, 'sid-2');
    expect(await logOutFrom(site, await site.idp.logoutToken())).toBe(200);
    expect(await sessionsOf(site)).toBe(0);
  });

  it('is acknowledged where nobody is signed in any more', async () => {
    const site = await startUpstreamSite();
    expect(await logOutFrom(site, await site.idp.logoutToken({ sub: 'sub-zoe' }))).toBe(200);
  });

  it('keeps a sign-in from beginning that was under way, and lets the next one begin', async () => {
    const site = await startUpstreamSite();
    site.idp.say({ claims: { iat: Math.floor(Date.now() / 1_000) - 10 } });
    expect(await logOutFrom(site, await site.idp.logoutToken({ sid: 'sid-1' }))).toBe(200);
    const { callback } = await signInThere(site);
    expect(callback?.searchParams.get('error')).toBe('login_required');
    expect(await sessionsOf(site)).toBe(0);
    await signIn(site, 'sid-2');
    expect(await sessionsOf(site)).toBe(1);
  });

  it('of before the sign-in ends nothing of it', async () => {
    const site = await startUpstreamSite();
    expect(await logOutFrom(site, await site.idp.logoutToken())).toBe(200);
    // ID tokens count in seconds.
    const atS = Math.floor(Date.now() / 1_000);
    await until('the next second', 5_000, () => (Math.floor(Date.now() / 1_000) > atS ? true : null));
    await signIn(site, 'sid-9');
    expect(await sessionsOf(site)).toBe(1);
  });

  it.each<[string, (idp: ForgingIdp) => Promise<string>]>([
    ['another type', (idp) => idp.logoutToken({}, { typ: 'secevent+jwt' })],
    ['an access token’s type', (idp) => idp.logoutToken({}, { typ: 'at+jwt' })],
    ['another issuer', (idp) => idp.logoutToken({ iss: 'https://evil.test' })],
    ['another audience', (idp) => idp.logoutToken({ aud: 'another-client' })],
    ['no events', (idp) => idp.logoutToken({}, { without: ['events'] })],
    ['other events', (idp) => idp.logoutToken({ events: { 'urn:other': {} } })],
    ['an event that is no object', (idp) => idp.logoutToken({ events: { 'http://schemas.openid.net/event/backchannel-logout': true } })],
    ['a nonce', (idp) => idp.logoutToken({ nonce: 'n' })],
    ['no time', (idp) => idp.logoutToken({}, { without: ['iat'] })],
    ['an old one', (idp) => idp.logoutToken({ iat: Math.floor(Date.now() / 1_000) - 400, exp: Math.floor(Date.now() / 1_000) + 60 })],
    ['an expired one', (idp) => idp.logoutToken({ exp: Math.floor(Date.now() / 1_000) - 60 })],
    ['no id', (idp) => idp.logoutToken({}, { without: ['jti'] })],
    ['neither subject nor session', (idp) => idp.logoutToken({}, { without: ['sub'] })],
    ['no signature', (idp) => idp.logoutToken({}, { unsigned: true })],
    ['another key', async (idp) => idp.logoutToken({}, { key: (await generateKeyPair('RS256')).privateKey })],
    [
      'an ID token',
      async (idp) =>
        idp.sign({
          iss: idp.issuer,
          aud: 'gatehouse',
          sub: 'sub-ann',
          iat: Math.floor(Date.now() / 1_000),
          exp: Math.floor(Date.now() / 1_000) + 60,
          nonce: 'n',
        }),
    ],
    ['nothing that is a token', async () => 'nonsense'],
  ])('is refused with %s, and ends nothing', async (_what, forge) => {
    const site = await startUpstreamSite();
    await signIn(site, 'sid-1');
    expect(await logOutFrom(site, await forge(site.idp))).toBe(400);
    expect(await sessionsOf(site)).toBe(1);
  });

  it('takes a token without a type, as older providers send it', async () => {
    const site = await startUpstreamSite();
    await signIn(site, 'sid-1');
    expect(await logOutFrom(site, await site.idp.logoutToken({}, { typ: 'JWT' }))).toBe(200);
    expect(await sessionsOf(site)).toBe(0);
  });

  it('counts once', async () => {
    const site = await startUpstreamSite();
    const token = await site.idp.logoutToken();
    const statuses = await Promise.all([logOutFrom(site, token), logOutFrom(site, token)]);
    expect(statuses.sort()).toEqual([200, 400]);
  });

  it('is asked for again while the provider’s keys cannot be read', async () => {
    const site = await startUpstreamSite();
    site.idp.describe({ jwks_uri: `${site.idp.issuer}/keys-are-gone` });
    expect(await logOutFrom(site, await site.idp.logoutToken())).toBe(503);
  });

  it('with a key that the provider does not have is refused', async () => {
    const site = await startUpstreamSite();
    expect(await logOutFrom(site, await site.idp.logoutToken({}, { header: { kid: 'unknown' } }))).toBe(400);
  });

  it('of one provider ends nothing that began at another', async () => {
    const site = await startUpstreamSite();
    await signIn(site, 'sid-1');
    expect(await logOutFrom(site, await site.other.logoutToken(), 'other')).toBe(200);
    expect(await logOutFrom(site, await site.other.logoutToken(), 'corp')).toBe(400);
    expect(await sessionsOf(site)).toBe(1);
  });
});
