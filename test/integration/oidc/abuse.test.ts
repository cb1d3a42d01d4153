import { randomBytes } from 'node:crypto';
import * as client from 'openid-client';
import { afterEach, describe, expect, it } from 'vitest';
import { SIGN_INS_AT_ONCE_MAX } from '#gateway/oidc/sign-in/sign-in-marks.ts';
import { startHttpGateway } from '#test/support/http-gateway.ts';
import { APP_ORIGIN, CLIENT_SECRET, confidential, discover, isApp, signInToApp } from '#test/support/oidc/client.ts';
import { clientWith, discoverAs, passThrough, startRequest } from '#test/support/oidc/flows.ts';
import { enrolPerson, presentPasskey, uidOf } from '#test/support/oidc/sign-in.ts';
import { TestBrowser } from '#test/support/console/test-browser.ts';

/* RFC 9700 (OAuth 2.0 Security Best Current Practice), attack by attack, as far as it is the provider's to prevent. */

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const basic = client.ClientSecretBasic(CLIENT_SECRET);

async function start(options: Partial<Parameters<typeof startHttpGateway>[0]> = {}) {
  const gateway = await startHttpGateway({ clients: [confidential(), clientWith({}, { clientId: 'other' })], ...options });
  cleanUp.push(() => gateway.close());
  return { gateway, person: await enrolPerson(gateway, 'ann'), config: await discover(gateway) };
}
type Started = Awaited<ReturnType<typeof start>>;

/** A code that the app has not used yet. */
async function codeOf({ config, gateway, person }: Pick<Started, 'config' | 'gateway' | 'person'>, params: Record<string, string> = {}) {
  const { checks, parameters } = await startRequest(params);
  const back = await passThrough(gateway, person, client.buildAuthorizationUrl(config, parameters));
  return { back, checks, code: back.searchParams.get('code') ?? '' };
}

const redeem = (config: client.Configuration, fields: Record<string, string>) =>
  client.genericGrantRequest(config, 'authorization_code', { redirect_uri: `${APP_ORIGIN}/callback`, ...fields });

describe('4.1 redirect URIs are compared exactly, and nothing is sent to another', () => {
  it.each([
    `${APP_ORIGIN}/callback/`,
    `${APP_ORIGIN}/callback/../evil`,
    `${APP_ORIGIN}/callback?x=1`,
    `${APP_ORIGIN}/callback#x`,
    `${APP_ORIGIN}/Callback`,
    `${APP_ORIGIN}/%63allback`,
    `${APP_ORIGIN.replace(':9', ':10')}/callback`,
    'http://localhost:9@evil.example.test/callback',
    'http://evil.example.test/callback',
    'https://localhost:9/callback',
    'javascript:alert(1)',
    '//evil.example.test',
  ])('%s', async (redirectUri) => {
    const { config, gateway, person } = await start();
    const { parameters } = await startRequest();
    const url = client.buildAuthorizationUrl(config, parameters);
    url.searchParams.set('redirect_uri', redirectUri);

    const answer = await person.browser.request(url.href);

    expect(answer.status).toBe(400);
    expect(answer.headers.get('location')).toBeNull();
    expect(gateway.decisions).toEqual([]);
  });
});

describe('4.1.3 the gateway is no open redirector', () => {
  it.each([
    ['an unknown client', { client_id: 'nobody' }],
    ['a client without a return address', { redirect_uri: '' }],
  ])('%s leads nowhere', async (_what, change) => {
    const { config, person } = await start();
    const { parameters } = await startRequest();
    const url = client.buildAuthorizationUrl(config, parameters);
    for (const [name, value] of Object.entries(change)) url.searchParams.set(name, value);

    const answer = await person.browser.request(url.href);

    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  });
});

describe('2.1.2 no token in the front channel', () => {
  it.each(['token', 'id_token', 'code id_token', 'code token', 'none'])('response_type=%s is refused', async (type) => {
    const { config, person } = await start();
    const { parameters } = await startRequest({ response_type: type });
    const back = await person.browser.navigate(client.buildAuthorizationUrl(config, parameters).href, isApp);
    // What was asked for in the fragment is refused there.
    const answer = new URLSearchParams(back.url.hash === '' ? back.url.search : back.url.hash.slice(1));
    expect(answer.get('error')).toBe('unsupported_response_type');
    expect([answer.has('access_token'), answer.has('id_token')]).toEqual([false, false]);
  });
});

describe('4.3.2 no token in an address', () => {
  it('refuses an access token in the query', async () => {
    const { config, gateway, person } = await start();
    const { tokens } = await signInToApp(gateway, person, config);
    expect((await fetch(`${gateway.publicUrl}/oidc/me?access_token=${tokens.access_token}`)).status).toBe(400);
  });

  it('sends no referrer from any page, and lets nobody keep a token', async () => {
    const { config, gateway } = await start();
    const page = await fetch(`${gateway.publicUrl}/oidc/auth?client_id=nobody`);
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    const token = await fetch(config.serverMetadata().token_endpoint ?? '', { method: 'POST', body: new URLSearchParams() });
    expect(token.headers.get('cache-control')).toBe('no-store');
  });
});

describe('4.4 mix-up', () => {
  it('every answer names the issuer, an error too', async () => {
    const started = await start();
    const { back } = await codeOf(started);
    const { parameters } = await startRequest({ acr_values: 'urn:gatehouse:acr:face', prompt: 'none' });
    const failed = await started.person.browser.navigate(client.buildAuthorizationUrl(started.config, parameters).href, isApp);

    const issuer = `${started.gateway.publicUrl}/oidc`;
    expect(failed.url.searchParams.get('error')).toBe('unmet_authentication_requirements');
    expect([back.searchParams.get('iss'), failed.url.searchParams.get('iss')]).toEqual([issuer, issuer]);
    expect(started.config.serverMetadata()['authorization_response_iss_parameter_supported']).toBe(true);
  });
});

describe('4.5 a code that was injected', () => {
  it('is worth nothing to another client', async () => {
    const started = await start();
    const { checks, code } = await codeOf(started);
    const other = await discoverAs(started.gateway, basic, 'other');

    await expect(redeem(other, { code, code_verifier: checks.pkceCodeVerifier })).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('is worth nothing in another sign-in of the same client', async () => {
    const started = await start();
    const { code } = await codeOf(started);

    await expect(redeem(started.config, { code, code_verifier: client.randomPKCECodeVerifier() })).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(redeem(started.config, { code })).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('is worth nothing with another return address', async () => {
    const started = await start();
    const { checks, code } = await codeOf(started);
    const fields = { code, code_verifier: checks.pkceCodeVerifier, redirect_uri: `${APP_ORIGIN}/other` };
    await expect(redeem(started.config, fields)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('lets exactly one of many redemptions at once through, and ends what came of it', async () => {
    const started = await start();
    const { checks, code } = await codeOf(started);
    const fields = { code, code_verifier: checks.pkceCodeVerifier };

    const results = await Promise.allSettled(Array.from({ length: 8 }, () => redeem(started.config, fields)));

    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
    expect(await started.gateway.oidcStore.ofPerson('Grant', started.person.personId, Date.now())).toEqual([]);
  });
});

describe('4.8 PKCE is not talked away', () => {
  it.each([
    ['the plain method', { code_challenge_method: 'plain' }],
    ['an unknown method', { code_challenge_method: 'S512' }],
    ['a challenge that is too short', { code_challenge: 'abc' }],
  ])('refuses %s', async (_what, change) => {
    const { config, person } = await start();
    const { parameters } = await startRequest(change);
    const back = await person.browser.navigate(client.buildAuthorizationUrl(config, parameters).href, isApp);
    expect(back.url.searchParams.get('error')).toBe('invalid_request');
  });

  it('refuses a verifier for a code that was made without a challenge', async () => {
    const started = await start({ clients: [clientWith({ mayOmitPkce: true })] });
    const { parameters } = await startRequest();
    const plain = Object.fromEntries(Object.entries(parameters).filter(([name]) => !name.startsWith('code_challenge')));
    const back = await passThrough(started.gateway, started.person, client.buildAuthorizationUrl(started.config, plain));

    const fields = { code: back.searchParams.get('code') ?? '', code_verifier: randomBytes(32).toString('base64url') };
    await expect(redeem(started.config, fields)).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe('4.10 replay', () => {
  it('takes a DPoP proof once', async () => {
    const { config, gateway, person } = await start({ clients: [clientWith({ boundTokens: 'dpop' })] });
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
    const { checks, parameters } = await startRequest();
    const back = await passThrough(gateway, person, client.buildAuthorizationUrl(config, parameters));
    const tokens = await client.authorizationCodeGrant(config, back, checks, undefined, { DPoP });
    let proof = '';
    config[client.customFetch] = (url, init) => {
      proof = new Headers(init.headers).get('dpop') ?? '';
      return fetch(url, init as RequestInit);
    };
    await client.fetchUserInfo(config, tokens.access_token, person.personId, { DPoP });

    const again = await fetch(`${gateway.publicUrl}/oidc/me`, { headers: { authorization: `DPoP ${tokens.access_token}`, dpop: proof } });

    expect(again.status).toBe(401);
  });

  it('takes a pushed request once', async () => {
    const started = await start();
    const { parameters } = await startRequest();
    const pushed = await client.buildAuthorizationUrlWithPAR(started.config, parameters);
    await passThrough(started.gateway, started.person, pushed);

    const answer = await started.person.browser.navigate(pushed.href, isApp);

    expect(isApp(answer.url) && answer.url.searchParams.has('code')).toBe(false);
  });
});

describe('4.14 a refresh token that is used twice', () => {
  it('ends the whole family and raises an alarm', async () => {
    const { config, gateway, person } = await start();
    const { tokens } = await signInToApp(gateway, person, config);
    const next = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');

    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });

    await expect(client.refreshTokenGrant(config, next.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(client.fetchUserInfo(config, next.access_token, person.personId)).rejects.toThrow();
    const alarm = { type: 'alarm', code: 'oidc.token_reused', sourceId: 'wiki', personId: person.personId, active: true };
    expect(await gateway.records()).toContainEqual(expect.objectContaining(alarm));
  });
});

describe('tokens of another client', () => {
  it('are introspected where they are shown, which a refresh token never is, and revoked by nobody else', async () => {
    const started = await start();
    const { tokens } = await signInToApp(started.gateway, started.person, started.config);
    const other = await discoverAs(started.gateway, basic, 'other');
    const refreshToken = tokens.refresh_token ?? '';

    expect((await client.tokenIntrospection(other, tokens.access_token)).active).toBe(true);
    expect((await client.tokenIntrospection(other, refreshToken)).active).toBe(false);
    await expect(client.tokenRevocation(other, refreshToken)).rejects.toMatchObject({ error: 'invalid_request' });
    expect((await client.tokenIntrospection(started.config, refreshToken)).active).toBe(true);
  });
});

describe('4.16 clickjacking', () => {
  it.each(['/oidc/auth?client_id=nobody', '/oidc/session/end', '/oidc/device', '/oidc/approve', '/nowhere'])(
    'nobody may frame %s',
    async (path) => {
      const { gateway } = await start();
      const page = await fetch(`${gateway.publicUrl}${path}`);
      expect(page.headers.get('x-frame-options')).toBe('DENY');
      expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    },
  );
});

describe('4.7 cross-site requests', () => {
  it.each(['/oidc/session/end', '/oidc/device', '/oidc/approve'])('nobody keeps a page with a form: %s', async (path) => {
    const { gateway } = await start();
    expect((await fetch(`${gateway.publicUrl}${path}`)).headers.get('cache-control')).toBe('no-store');
  });

  it('answers nothing of a sign-in to a page of another origin', async () => {
    const { config, gateway, person } = await start();
    const { parameters } = await startRequest();
    const page = await person.browser.navigate(client.buildAuthorizationUrl(config, parameters).href, isApp);
    for (const step of ['options', 'retry', 'abort', 'passkey']) {
      const response = await person.browser.request(`${gateway.publicUrl}/api/interaction/${uidOf(page.url)}/${step}`, {
        method: 'POST',
        headers: { origin: 'https://evil.example.test', 'content-type': 'application/json' },
        body: '{}',
      });
      expect(response.status).toBe(403);
    }
  });

  it('signs nobody out by a form of another page', async () => {
    const { config, gateway, person } = await start();
    const { tokens } = await signInToApp(gateway, person, config);
    await person.browser.request(`${gateway.publicUrl}/oidc/session/end`);

    const forged = await person.browser.request(`${gateway.publicUrl}/oidc/session/end/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ xsrf: 'guess', logout: 'yes' }),
    });

    expect(forged.status).toBe(400);
    expect((await client.tokenIntrospection(config, tokens.access_token)).active).toBe(true);
  });
});

describe('cookies', () => {
  it('are out of reach of scripts and other sites, on the narrowest path, signed', async () => {
    const { config, gateway, person } = await start();
    const { parameters } = await startRequest();
    const answer = await person.browser.request(client.buildAuthorizationUrl(config, parameters).href);
    const cookies = answer.headers.getSetCookie();

    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; httponly/i);
      expect(cookie).toMatch(/; samesite=lax/i);
      expect(cookie).not.toMatch(/; domain=/i);
    }
    const uid = uidOf(new URL(answer.headers.get('location') ?? '', gateway.publicUrl));
    const paths = cookies.filter((cookie) => !/^gatehouse-(?:sso|signin-)/.test(cookie)).map((cookie) => /path=([^;]+)/i.exec(cookie)?.[1]);
    expect(new Set(paths)).toEqual(new Set([`/api/interaction/${uid}`, `/signin/${uid}`, `/oidc/auth/${uid}`]));
  });
});

describe('a sign-in that somebody else began', () => {
  it('takes no passkey in a browser in which only its own cookies were planted', async () => {
    const { config, gateway, person } = await start();
    const attacker = new TestBrowser();
    const { parameters } = await startRequest();
    const begun = await attacker.request(client.buildAuthorizationUrl(config, parameters).href);
    const uid = uidOf(new URL(begun.headers.get('location') ?? '', gateway.publicUrl));
    // A host beside the gateway sets any cookie but one that begins with __Host-.
    const planted = begun.headers.getSetCookie().flatMap((cookie) => {
      const [pair = ''] = cookie.split(';', 1);
      return cookie.includes(`path=/api/interaction/${uid}`) ? [pair] : [];
    });

    const path = `${gateway.publicUrl}/api/interaction/${uid}`;
    const headers = { origin: gateway.publicUrl, 'content-type': 'application/json', cookie: planted.join('; ') };
    const options = await fetch(`${path}/options`, { method: 'POST', headers, body: '{}' });

    expect(planted.length).toBe(2);
    expect(options.status).toBe(404);
    expect((await presentPasskey(gateway, { ...person, browser: attacker }, uid)).status).toBe(200);
  });

  it('leaves the newest sign-ins of a browser open, and marks it with no more cookies', async () => {
    const { config, gateway, person } = await start();
    const begin = async () => {
      const { parameters } = await startRequest();
      const page = await person.browser.request(client.buildAuthorizationUrl(config, parameters).href);
      return new URL(page.headers.get('location') ?? '', gateway.publicUrl);
    };
    const pages: URL[] = [];
    for (let count = 0; count <= SIGN_INS_AT_ONCE_MAX; count += 1) pages.push(await begin());

    const states = await Promise.all(
      pages.map(async (page) => (await person.browser.call(`${gateway.publicUrl}/api/interaction/${uidOf(page)}`)).status),
    );

    expect(states).toEqual([404, ...Array.from({ length: SIGN_INS_AT_ONCE_MAX }, () => 200)]);
    const marks = person.browser.cookieNames(gateway.publicUrl).filter((name) => name.startsWith('gatehouse-signin-'));
    expect(marks.length).toBe(SIGN_INS_AT_ONCE_MAX);
  });
});

describe('enumeration', () => {
  it('answers a wrong secret and an unknown client alike', async () => {
    const { gateway } = await start();
    const ask = async (clientId: string) => {
      const response = await fetch(`${gateway.publicUrl}/oidc/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${clientId}:wrong`)}` },
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x' }),
      });
      return [response.status, await response.text(), response.headers.get('www-authenticate')];
    };
    expect(await ask('wiki-client')).toEqual(await ask('nobody'));
  });
});
