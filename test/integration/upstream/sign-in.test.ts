import * as client from 'openid-client';
import { describe, expect, it } from 'vitest';
import { isApp } from '#test/support/oidc/client.ts';
import { personId, somePerson } from '#test/support/people.ts';
import { enrolPerson, presentPasskey, uidOf } from '#test/support/oidc/sign-in.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';
import { beginAtApp, chooseUpstream, signInThere, startUpstreamSite, type UpstreamSite } from '#test/support/oidc/upstream-site.ts';

const view = async (site: UpstreamSite, browser: TestBrowser, uid: string) =>
  (await browser.call<{ readonly outside: unknown; readonly prompt: string }>(`${site.gateway.publicUrl}/api/interaction/${uid}`)).body;

describe('a sign-in at a provider outside, instead of the passkey', () => {
  it('leads to the app, and the policy decides about what the provider said', async () => {
    const site = await startUpstreamSite({ upstream: { ratings: [{ acr: [], amr: ['mfa', 'pwd'], gives: 'aal2' }] } });
    site.idp.say({ claims: { amr: ['pwd', 'mfa'], acr: 'silver' } });
    const { callback, checks } = await signInThere(site);
    const tokens = await client.authorizationCodeGrant(site.app, callback ?? new URL('http://none'), checks);
    expect(tokens.claims()).toMatchObject({ sub: personId('ann') });
    expect(site.asked).toHaveLength(1);
    expect(site.asked[0]).toMatchObject({
      action: 'app.login',
      personId: personId('ann'),
      authentication: { acr: 'urn:gatehouse:acr:upstream-aal2', amr: ['upstream'], userVerified: true },
    });
    const [asked] = site.idp.requests.filter(({ path }) => path === '/authorize');
    expect(Object.fromEntries(asked?.parameters ?? [])).toMatchObject({
      client_id: 'gatehouse',
      redirect_uri: `${site.gateway.publicUrl}/upstream/corp/callback`,
      response_type: 'code',
      scope: 'openid email profile',
      code_challenge_method: 'S256',
      max_age: '3600',
    });
  });

  it('is one factor where nobody has rated what the provider said', async () => {
    const site = await startUpstreamSite();
    site.idp.say({ claims: { amr: ['hwk', 'mfa'], acr: 'urn:gatehouse:acr:passkey' } });
    await signInThere(site);
    expect(site.asked[0]?.authentication).toMatchObject({ acr: 'urn:gatehouse:acr:upstream-aal1', userVerified: false });
  });

  it('is no passkey where the policy wants one, however fresh it is', async () => {
    const site = await startUpstreamSite({ judgeApp: () => [{ id: 'step_up', acr: 'urn:gatehouse:acr:passkey', max_age_s: 300 }] });
    const browser = new TestBrowser();
    const { callback, url } = await signInThere(site, browser);
    expect(callback).toBeNull();
    expect(await view(site, browser, uidOf(url))).toMatchObject({ prompt: 'step_up', outside: { upstreams: [], passkey: true } });
    expect((await chooseUpstream(site, browser, uidOf(url))).status).toBe(409);
  });

  it('shows the providers and the passkey side by side', async () => {
    const site = await startUpstreamSite();
    const browser = new TestBrowser();
    const { uid } = await beginAtApp(site, browser);
    expect((await view(site, browser, uid)).outside).toEqual({
      upstreams: [
        { id: 'corp', name: 'Example Corp' },
        { id: 'other', name: 'Other Corp' },
      ],
      passkey: true,
      signedInAt: null,
    });
  });

  it('lets a passkey sign in as before', async () => {
    const site = await startUpstreamSite();
    const bob = await enrolPerson(site.gateway, 'bob');
    const { uid } = await beginAtApp(site, bob.browser);
    const { body } = await presentPasskey(site.gateway, bob, uid);
    expect((await bob.browser.navigate(body.redirectTo, isApp)).url.searchParams.get('code')).not.toBeNull();
  });

  it('never lets a suspended person through, and says why', async () => {
    const site = await startUpstreamSite();
    await site.gateway.people.changeStanding({ personId: personId('ann'), to: 'suspended', nowMs: Date.now() });
    const browser = new TestBrowser();
    const { callback, url } = await signInThere(site, browser);
    expect(callback).toBeNull();
    expect(await view(site, browser, uidOf(url))).toMatchObject({ prompt: 'denied', denied: { reasons: [{ code: 'subject.suspended' }] } });
    expect(await site.gateway.liveSessions.ofPerson(personId('ann'))).toEqual([]);
  });

  it('asks the provider for a new authentication where the app wants one, and takes no older one', async () => {
    const site = await startUpstreamSite();
    const fresh = await signInThere(site, new TestBrowser(), { prompt: 'login' });
    expect(fresh.callback).not.toBeNull();
    expect(site.idp.requests.find(({ path }) => path === '/authorize')?.parameters.get('prompt')).toBe('login');
    site.idp.say({ claims: { auth_time: Math.floor(Date.now() / 1_000) - 120 } });
    const stale = await signInThere(site, new TestBrowser(), { prompt: 'login' });
    expect(stale.problem).toBe('upstream.too_old');
  });

  it.each([
    ['too long ago', { claims: { auth_time: Math.floor(Date.now() / 1_000) - 3_700 } }],
    ['in the future', { claims: { auth_time: Math.floor(Date.now() / 1_000) + 600 } }],
    ['nobody knows when', { without: ['auth_time'] }],
  ])('is refused when the person authenticated %s', async (_when, forgery) => {
    const site = await startUpstreamSite();
    site.idp.say(forgery);
    expect((await signInThere(site)).problem).toBe('upstream.too_old');
  });

  it('reads the user information where the ID token says only who it is', async () => {
    const site = await startUpstreamSite();
    site.idp.say({ without: ['email', 'email_verified', 'name'], userInfo: { email: 'ann@example.test', email_verified: true } });
    expect((await signInThere(site)).callback).not.toBeNull();
    site.idp.say({
      claims: { sub: 'sub-mallory' },
      without: ['email', 'email_verified'],
      userInfo: { email: 'ann@example.test', email_verified: true },
    });
    expect((await signInThere(site)).problem).toBe('upstream.answer_invalid');
  });

  it('shows the provider a key instead of a secret where it is configured so', async () => {
    const site = await startUpstreamSite({ upstream: { clientAuth: 'private_key_jwt' } });
    expect((await signInThere(site)).callback).not.toBeNull();
    const { keys } = (await (await fetch(`${site.gateway.publicUrl}/upstream/corp/jwks.json`)).json()) as {
      keys: Record<string, unknown>[];
    };
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256' });
    expect(keys[0]).not.toHaveProperty('d');
    expect((await fetch(`${site.gateway.publicUrl}/upstream/other/jwks.json`)).status).toBe(404);
  });

  it('uses a new secret from the next sign-in on', async () => {
    const site = await startUpstreamSite();
    await site.gateway.secrets.write('upstream/corp/client-secret', new TextEncoder().encode('wrong'));
    expect((await signInThere(site)).problem).toBe('upstream.not_ready');
    await site.gateway.secrets.write('upstream/corp/client-secret', new TextEncoder().encode('secret of the gateway'));
    expect((await signInThere(site)).callback).not.toBeNull();
  });
});

describe('a sign-in at a provider outside, before the passkey', () => {
  const before = { upstream: { mode: 'before_passkey' } } as const;

  it('needs both, of one person', async () => {
    const site = await startUpstreamSite(before);
    const ann = await enrolPerson(site.gateway, 'ann');
    const { uid, url } = await signInThere(site, ann.browser);
    expect(url.pathname).toBe(`/signin/${uid}`);
    expect((await view(site, ann.browser, uid)).outside).toEqual({ upstreams: [], passkey: true, signedInAt: 'Example Corp' });
    const { body } = await presentPasskey(site.gateway, ann, uid);
    expect((await ann.browser.navigate(body.redirectTo, isApp)).url.searchParams.get('code')).not.toBeNull();
    expect(site.asked[0]?.authentication).toMatchObject({ acr: 'urn:gatehouse:acr:passkey', userVerified: true });
  });

  it('takes no passkey alone', async () => {
    const site = await startUpstreamSite(before);
    const ann = await enrolPerson(site.gateway, 'ann');
    const { uid } = await beginAtApp(site, ann.browser);
    expect((await view(site, ann.browser, uid)).outside).toMatchObject({ passkey: false, signedInAt: null });
    expect(await presentPasskey(site.gateway, ann, uid)).toMatchObject({
      status: 409,
      body: { error: { code: 'sign_in.upstream_first' } },
    });
    expect(site.asked).toEqual([]);
  });

  it('takes no passkey of somebody else, and no sign-in of another browser’s', async () => {
    const site = await startUpstreamSite(before);
    const bob = await enrolPerson(site.gateway, 'bob');
    const { uid } = await signInThere(site, bob.browser);
    expect(await presentPasskey(site.gateway, bob, uid)).toMatchObject({ status: 409, body: { error: { code: 'sign_in.other_person' } } });
    const ann = await enrolPerson(site.gateway, 'ann');
    const elsewhere = await beginAtApp(site, ann.browser);
    expect((await presentPasskey(site.gateway, ann, elsewhere.uid)).status).toBe(409);
  });

  it('does not ask when the person authenticated there: the passkey says when', async () => {
    const site = await startUpstreamSite(before);
    site.idp.say({ without: ['auth_time'] });
    expect((await signInThere(site)).problem).toBeNull();
  });
});

describe('whose account it is', () => {
  it.each([
    ['an address that the provider has not verified', { claims: { email_verified: false } }, 'account.email_unverified'],
    ['an address of which it does not say', { without: ['email_verified'] }, 'account.email_unverified'],
    ['a text in place of true', { claims: { email_verified: 'true' } }, 'account.email_unverified'],
    ['an address of another domain', { claims: { email: 'ann@evil.test' } }, 'account.domain_other'],
    ['an address with two @', { claims: { email: 'ann@evil.test@example.test' } }, 'account.domain_other'],
    ['a domain that only ends alike', { claims: { email: 'ann@not-example.test' } }, 'account.domain_other'],
    ['no address', { without: ['email'] }, 'account.claim_missing'],
    ['somebody whom nobody knows', { claims: { email: 'zoe@example.test' } }, 'account.unknown'],
  ])('refuses %s', async (_what, forgery, problem) => {
    const site = await startUpstreamSite();
    site.idp.say(forgery);
    expect((await signInThere(site)).problem).toBe(problem);
    const failed = (await site.gateway.records()).filter(
      (record) => record.type === 'credential' && record.event === 'authentication_failed',
    );
    expect(failed).toMatchObject([{ kind: 'upstream_account', credentialId: 'upstream:corp', cause: problem }]);
    expect(JSON.stringify(failed)).not.toContain('@');
  });

  it('stays with the subject when name and address change, and a new owner of the address does not become the old one', async () => {
    const site = await startUpstreamSite();
    await signInThere(site);
    site.idp.say({ claims: { email: 'ann.married@example.test' } });
    expect((await signInThere(site)).callback).not.toBeNull();
    site.idp.say({ claims: { sub: 'sub-new-ann' } });
    expect((await signInThere(site)).problem).toBe('account.linked_otherwise');
    const links = (await site.gateway.records()).filter((record) => record.type === 'directory_change');
    expect(links).toMatchObject([{ subjectId: personId('ann'), changes: ['upstream_account'], operatorId: 'upstream:corp' }]);
  });

  it('is found by what a directory said, and refused where two people have it', async () => {
    const account = { claim: 'oid', is: 'external_id', emailDomains: [], create: false } as const;
    const site = await startUpstreamSite({ upstream: { account } });
    const saved = (name: string) =>
      site.gateway.directory.saveUser(somePerson(name), {
        personId: personId(name),
        userName: `${name}@corp.test`,
        externalId: 'object-1',
        createdAtMs: 1,
        modifiedAtMs: 1,
      });
    await saved('ann');
    site.idp.say({ claims: { oid: 'object-1' } });
    expect((await signInThere(site)).callback).not.toBeNull();
    await saved('bob');
    site.idp.say({ claims: { oid: 'object-1', sub: 'sub-other' } });
    expect((await signInThere(site)).problem).toBe('account.ambiguous');
  });

  it('is found by user name only where a directory has given it: an address is no user name', async () => {
    const account = { claim: 'preferred_username', is: 'user_name', emailDomains: [], create: false } as const;
    const site = await startUpstreamSite({ upstream: { account } });
    site.idp.say({ claims: { preferred_username: 'ann@example.test' } });
    expect((await signInThere(site)).problem).toBe('account.unknown');
    site.idp.say({ claims: { preferred_username: personId('ann') } });
    expect((await signInThere(site)).problem).toBe('account.unknown');
  });

  it('becomes a person where the configuration wants that, with a name and nothing else, once', async () => {
    const site = await startUpstreamSite({
      upstream: { account: { claim: 'email', is: 'email', emailDomains: ['example.test'], create: true } },
    });
    site.idp.say({ claims: { sub: 'sub-zoe', email: 'zoe@example.test', name: ' Zoe\u202e  Example ' } });
    const [first, second] = await Promise.all([signInThere(site), signInThere(site)]);
    expect([first.callback, second.callback]).not.toContain(null);
    const zoe = await site.gateway.people.findByEmail('zoe@example.test');
    expect(zoe).toMatchObject({ displayName: 'Zoe Example', roles: [], groups: [], clearance: 0, standing: 'active' });
    expect(await site.gateway.people.list({ after: null, limit: 10 })).toHaveLength(2);
  });

  it('is nobody new when whoever had it has left', async () => {
    const site = await startUpstreamSite({
      upstream: { account: { claim: 'email', is: 'email', emailDomains: ['example.test'], create: true } },
    });
    await signInThere(site);
    await site.gateway.people.changeStanding({ personId: personId('ann'), to: 'departed', nowMs: Date.now() });
    await site.gateway.people.save(somePerson('ann', { email: null }));
    expect((await signInThere(site)).problem).toBe('account.unknown');
  });
});
