import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { ApiConfig } from '#gateway/platform/config/client-config.ts';
import type { AreaId, SiteId } from '#gateway/domain/site/ids.ts';
import { stepUpChallenge } from '#gateway/oidc/decisions/resource-challenge.ts';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';
import { closeServer, listenLater } from '#test/support/listen-later.ts';
import { ageSessions, CLIENT_SECRET, isApp, signInToApp } from '#test/support/oidc/client.ts';
import { abortAt, clientWith, discoverAs, interactionAt, passThrough, retryAt, startRequest } from '#test/support/oidc/flows.ts';
import { enrolPerson, presentPasskey, uidOf, useEnrolmentLink, type Enrolled } from '#test/support/oidc/sign-in.ts';
import type { TestBrowser } from '#test/support/console/test-browser.ts';
import { somePerson } from '#test/support/people.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const AAL2 = 'urn:gatehouse:acr:aal2';
const AAL3 = 'urn:gatehouse:acr:aal3';
const FACE = 'urn:gatehouse:acr:face';
const ON_SITE = 'urn:gatehouse:acr:on-site';
const FRESH_BADGE = 'urn:gatehouse:acr:fresh-badge';
const PASSKEY = 'urn:gatehouse:acr:passkey';
const basic = client.ClientSecretBasic(CLIENT_SECRET);

async function start(options: Partial<Parameters<typeof startHttpGateway>[0]> = {}) {
  const gateway = await startHttpGateway({ clients: [clientWith({ apis: ['orders'] })], ...options });
  cleanUp.push(() => gateway.close());
  return { gateway, person: await enrolPerson(gateway, 'ann'), config: await discoverAs(gateway, basic) };
}

async function badgeIn(gateway: HttpGateway, { personId }: Enrolled, agoMs = 0, sourceSeq = 1): Promise<void> {
  await gateway.presence.put({
    personId,
    state: 'inside',
    siteId: 'hq' as SiteId,
    areaId: 'building' as AreaId,
    confidence: 'medium',
    observedAtMs: Date.now() - agoMs,
    sourceSeq,
  });
}

/** Somebody whose only passkey is copied to other devices. */
async function enrolSynced(gateway: HttpGateway, name: string): Promise<Enrolled> {
  const person = somePerson(name);
  await gateway.people.save(person);
  const { url } = await gateway.enrolment.offer({ personId: person.id, operatorId: 'local' as PersonId });
  return { ...(await useEnrolmentLink(url, undefined, { backedUp: true })), personId: person.id };
}

/** The provider ends the session before by a form that posts itself: what a browser does with it. */
async function submitOwnForm(
  browser: TestBrowser,
  { response, url }: { readonly url: URL; readonly response: Response | null },
): Promise<URL> {
  const page = (await response?.text()) ?? '';
  const [, action = ''] = /action="([^"]+)"/.exec(page) ?? [];
  const fields = [...page.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']): [string, string] => [name, value]);
  const headers = { origin: url.origin };
  const answer = await browser.request(action.replaceAll('&#x2F;', '/'), { method: 'POST', headers, body: new URLSearchParams(fields) });
  return (await browser.navigate(new URL(answer.headers.get('location') ?? '', url).href, isApp)).url;
}

async function ask({ config }: { config: client.Configuration }, params: Record<string, string>) {
  const { checks, parameters } = await startRequest(params);
  return { url: client.buildAuthorizationUrl(config, parameters), checks };
}

describe('acr_values', () => {
  it('is met by the sign-in itself, and the ID token says which one was', async () => {
    const { config, gateway, person } = await start();

    const { tokens } = await signInToApp(gateway, person, config, { acr_values: `${AAL3} ${AAL2}` });

    expect(tokens.claims()?.['acr']).toBe(AAL3);
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(refreshed.claims()?.['acr']).toBe(AAL3);
  });

  it('asks for a key that is bound to a device where the passkey is copied to others', async () => {
    const { config, gateway } = await start();
    const synced = await enrolSynced(gateway, 'bob');
    const { url } = await ask({ config }, { acr_values: AAL3 });

    const first = await synced.browser.navigate(url.href, isApp);
    const { body } = await presentPasskey(gateway, synced, uidOf(first.url));
    const page = await synced.browser.navigate(body.redirectTo, isApp);

    expect((await interactionAt(gateway, synced, page.url)).prompt).toBe('hardware_key');
    // The same passkey once more is told why it leads nowhere, and there is a way back.
    expect(await presentPasskey(gateway, synced, uidOf(page.url))).toMatchObject({
      status: 409,
      body: { error: { code: 'sign_in.key_synced' } },
    });
    expect((await abortAt(gateway, synced, page.url)).searchParams.get('error')).toBe('access_denied');
  });

  it.each([ON_SITE, FRESH_BADGE])('leads to the reader, and goes on after the badge: %s', async (acr) => {
    const { config, gateway, person } = await start();
    const { checks, url } = await ask({ config }, { acr_values: acr });
    const first = await person.browser.navigate(url.href, isApp);
    const { body } = await presentPasskey(gateway, person, uidOf(first.url));
    const page = await person.browser.navigate(body.redirectTo, isApp);
    expect((await interactionAt(gateway, person, page.url)).prompt).toBe('badge');
    expect(gateway.decisions).toHaveLength(0);

    const tooEarly = await person.browser.call(`${gateway.publicUrl}/api/interaction/${uidOf(page.url)}/retry`, {});
    expect(tooEarly).toMatchObject({ status: 409, body: { error: { code: 'sign_in.badge_not_seen' } } });
    await badgeIn(gateway, person);
    const back = await retryAt(gateway, person, page.url);

    const tokens = await client.authorizationCodeGrant(config, back, checks);
    expect(tokens.claims()?.['acr']).toBe(acr);
    expect(gateway.decisions).toHaveLength(1);
  });

  it('does not take an old badge for a fresh one', async () => {
    const { config, gateway, person } = await start({ provider: { freshBadgeS: 300 } });
    await badgeIn(gateway, person, 301_000);
    const { url } = await ask({ config }, { acr_values: FRESH_BADGE });

    const first = await person.browser.navigate(url.href, isApp);
    const { body } = await presentPasskey(gateway, person, uidOf(first.url));
    const page = await person.browser.navigate(body.redirectTo, isApp);

    expect((await interactionAt(gateway, person, page.url)).prompt).toBe('badge');
    const again = await person.browser.call(`${gateway.publicUrl}/api/interaction/${uidOf(page.url)}/retry`, {});
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'sign_in.badge_not_seen' } } });
  });

  it('asks for the face where the client wants it first, whatever else it takes', async () => {
    const { config, gateway, person } = await start();
    await signInToApp(gateway, person, config);

    const face = await person.browser.navigate((await ask({ config }, { acr_values: FACE })).url.href, isApp);
    const either = await person.browser.navigate((await ask({ config }, { acr_values: `${FACE} ${ON_SITE}` })).url.href, isApp);

    expect((await interactionAt(gateway, person, face.url)).prompt).toBe('face');
    expect((await interactionAt(gateway, person, either.url)).prompt).toBe('face');
  });

  it('is told to the client that shows no page', async () => {
    const { config, gateway, person } = await start();
    await signInToApp(gateway, person, config);

    const { url } = await ask({ config }, { acr_values: ON_SITE, prompt: 'none' });
    const back = await person.browser.navigate(url.href, isApp);

    expect(back.url.searchParams.get('error')).toBe('unmet_authentication_requirements');
  });

  it('refuses a list beyond its limit', async () => {
    const { config, person } = await start();
    const list = (count: number) => Array.from({ length: count }, (_, i) => `urn:x:${String(i)}`).join(' ');

    const atMax = await person.browser.navigate((await ask({ config }, { acr_values: list(16) })).url.href, isApp);
    expect(atMax.url.pathname).toMatch(/^\/signin\//);
  });
});

describe('the claim acr', () => {
  const claims = (acr: unknown) => JSON.stringify({ id_token: { acr } });

  it('is enforced when it is essential', async () => {
    const { config, gateway, person } = await start();
    await signInToApp(gateway, person, config);
    const page = await person.browser.navigate(
      (await ask({ config }, { claims: claims({ essential: true, values: [ON_SITE] }) })).url.href,
      isApp,
    );
    expect((await interactionAt(gateway, person, page.url)).prompt).toBe('badge');
  });

  it('is an error when it is essential and nobody knows the value', async () => {
    const { config, gateway, person } = await start();
    await signInToApp(gateway, person, config);
    const { url } = await ask({ config }, { claims: claims({ essential: true, value: 'urn:elsewhere:gold' }) });

    const back = await person.browser.navigate(url.href, isApp);

    expect(back.url.searchParams.get('error')).toBe('unmet_authentication_requirements');
  });
});

describe('prompt', () => {
  it('login asks for the passkey of the same person again', async () => {
    const { config, gateway, person } = await start();
    await signInToApp(gateway, person, config);
    await ageSessions(gateway, person.personId, 100);
    const { checks, url } = await ask({ config }, { prompt: 'login' });

    const back = await passThrough(gateway, person, url);

    expect((await client.authorizationCodeGrant(config, back, checks)).claims()?.auth_time).toBeGreaterThan(Date.now() / 1_000 - 60);
  });

  it('consent asks the person, and nothing is given before the yes', async () => {
    const { config, gateway, person } = await start();
    await signInToApp(gateway, person, config);
    const { checks, url } = await ask({ config }, { prompt: 'consent' });
    const page = await person.browser.navigate(url.href, isApp);
    expect((await interactionAt(gateway, person, page.url)).prompt).toBe('confirm');

    const back = await retryAt(gateway, person, page.url);

    expect((await client.authorizationCodeGrant(config, back, checks)).claims()?.sub).toBe(person.personId);
  });

  it('select_account lets another person sign in, and ends the session that was', async () => {
    const { config, gateway, person } = await start();
    const other = await enrolPerson(gateway, 'bob');
    await signInToApp(gateway, person, config);
    const { checks, url } = await ask({ config }, { prompt: 'select_account' });
    const page = await person.browser.navigate(url.href, isApp);
    expect((await interactionAt(gateway, person, page.url)).prompt).toBe('select_account');

    const asOther = { browser: person.browser, authenticator: other.authenticator };
    const { body } = await presentPasskey(gateway, asOther, uidOf(page.url));
    const signOut = await person.browser.navigate(body.redirectTo, isApp);

    const back = await submitOwnForm(asOther.browser, signOut);

    expect((await client.authorizationCodeGrant(config, back, checks)).claims()?.sub).toBe(other.personId);
    expect(await gateway.oidcStore.ofPerson('Session', person.personId, Date.now())).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['a fresh sign-in', { prompt: 'login' }],
    ['a bound key', { acr_values: AAL3 }],
  ])(
    'lets another person take over a browser of which %s is asked, after they said so, and ends the session that was',
    async (_what, params) => {
      const { config, gateway } = await start();
      const bob = await enrolPerson(gateway, 'bob');
      const eve = await enrolSynced(gateway, 'eve');
      await signInToApp(gateway, eve, config);
      const { checks, url } = await ask({ config }, params);
      const page = await eve.browser.navigate(url.href, isApp);
      const asBob = { browser: eve.browser, authenticator: bob.authenticator };
      expect(await presentPasskey(gateway, asBob, uidOf(page.url))).toMatchObject({
        status: 409,
        body: { error: { code: 'sign_in.other_person' } },
      });

      const { body } = await presentPasskey(gateway, asBob, uidOf(page.url), 'other-passkey');
      const signOut = await eve.browser.navigate(body.redirectTo, isApp);
      const back = await submitOwnForm(asBob.browser, signOut);

      expect((await client.authorizationCodeGrant(config, back, checks)).claims()?.sub).toBe(bob.personId);
      expect(await gateway.oidcStore.ofPerson('Session', eve.personId, Date.now())).toEqual([]);
    },
  );

  it('takes no synced passkey of the other person either where a bound one is asked for', async () => {
    const { config, gateway } = await start();
    const eve = await enrolSynced(gateway, 'eve');
    const dan = await enrolSynced(gateway, 'dan');
    await signInToApp(gateway, eve, config);
    const page = await eve.browser.navigate((await ask({ config }, { acr_values: AAL3 })).url.href, isApp);
    const asDan = { browser: eve.browser, authenticator: dan.authenticator };
    const answer = await presentPasskey(gateway, asDan, uidOf(page.url), 'other-passkey');
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'sign_in.key_synced' } } });
  });

  it('select_account by the same person goes on', async () => {
    const { config, gateway, person } = await start();
    const { checks, url } = await ask({ config }, { prompt: 'select_account' });

    const back = await passThrough(gateway, person, url);

    expect((await client.authorizationCodeGrant(config, back, checks)).claims()?.sub).toBe(person.personId);
  });
});

describe('a protected resource (RFC 9470)', () => {
  const api = (change: Partial<ApiConfig>): ApiConfig => ({
    id: 'orders',
    name: 'Orders',
    resource: 'https://orders.example.test/',
    audience: 'https://orders.example.test/',
    scopes: ['orders.read'],
    token: 'jwt',
    acr: null,
    ...change,
  });

  /** A resource that checks tokens alone and wants people on site, not longer than five minutes after the sign-in. */
  async function startResource(issuer: string) {
    const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
    const listener = await listenLater();
    cleanUp.push(() => closeServer(listener.server));
    listener.serve((request, response) => {
      const token = (request.headers.authorization ?? '').replace('Bearer ', '');
      void jwtVerify(token, keys, { issuer, audience: 'https://orders.example.test/', typ: 'at+jwt' }).then(({ payload }) => {
        const challenge = stepUpChallenge(payload, { acrValues: [ON_SITE], maxAgeS: 300 }, Date.now());
        if (challenge !== null) response.setHeader('www-authenticate', challenge);
        response.writeHead(challenge === null ? 200 : 401).end();
      });
    });
    return listener.origin;
  }

  it('sends the client back for more, and takes the token that comes of it', async () => {
    const { config, gateway, person } = await start({ provider: { apis: [api({})] } });
    const resource = await startResource(`${gateway.publicUrl}/oidc`);
    const params = { resource: 'https://orders.example.test/', scope: 'openid orders.read' };
    const weak = (await signInToApp(gateway, person, config, params)).tokens;
    const refused = await client
      .fetchProtectedResource(config, weak.access_token, new URL(resource), 'GET')
      .catch((error: unknown) => error);
    const [challenge] = (refused as client.WWWAuthenticateChallengeError).cause;
    expect(challenge?.parameters).toMatchObject({ error: 'insufficient_user_authentication', acr_values: ON_SITE, max_age: '300' });

    await badgeIn(gateway, person);
    const { acr_values: acrValues = '', max_age: maxAge = '' } = challenge?.parameters ?? {};
    const { checks, url } = await ask({ config }, { ...params, acr_values: acrValues, max_age: maxAge });
    const strong = await client.authorizationCodeGrant(config, await passThrough(gateway, person, url), checks);

    expect((await client.fetchProtectedResource(config, strong.access_token, new URL(resource), 'GET')).status).toBe(200);
  });

  it('says after the person has left that they are not on site any more, at refresh and at introspection', async () => {
    const { config, gateway, person } = await start();
    await badgeIn(gateway, person);
    const { tokens } = await signInToApp(gateway, person, config, { acr_values: ON_SITE });
    expect((await client.tokenIntrospection(config, tokens.access_token))['acr']).toBe(ON_SITE);

    await gateway.presence.put({
      personId: person.personId,
      state: 'outside',
      siteId: null,
      areaId: null,
      confidence: 'high',
      observedAtMs: Date.now(),
      sourceSeq: 2,
    });

    expect((await client.tokenIntrospection(config, tokens.access_token))['acr']).toBe(PASSKEY);
    expect((await client.refreshTokenGrant(config, tokens.refresh_token ?? '')).claims()?.['acr']).toBe(PASSKEY);
  });

  it('of which the configuration says that people must be on site gets no token without', async () => {
    const { config, gateway, person } = await start({ provider: { apis: [api({ acr: 'on-site' })] } });
    const params = { resource: 'https://orders.example.test/', scope: 'openid orders.read' };
    await signInToApp(gateway, person, config);

    const page = await person.browser.navigate((await ask({ config }, params)).url.href, isApp);

    expect((await interactionAt(gateway, person, page.url)).prompt).toBe('badge');
  });
});
