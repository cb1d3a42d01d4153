import * as client from 'openid-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { liveCheckSchema } from '#gateway/http/contract/apps.ts';
import { LIVE_CHECKS_PER_PERSON_MAX } from '#gateway/http/routes/live-check.ts';
import { addApp, configure, liveCheck, signIn, startAppRig, type AppRig } from '#test/support/oidc/app-rig.ts';
import { APP_ORIGIN } from '#test/support/oidc/client.ts';
import { passThrough, startRequest } from '#test/support/oidc/flows.ts';
import { presentPasskey, uidOf } from '#test/support/oidc/sign-in.ts';

let rig: AppRig;
let isDenied = false;
beforeEach(async () => {
  isDenied = false;
  rig = await startAppRig({ judgeApp: () => (isDenied ? 'grant.missing' : 'permit') });
});
afterEach(async () => {
  vi.useRealTimers();
  await rig.close();
});

const right = (secret: string): client.ClientAuth => client.ClientSecretBasic(secret);
const said = async (id: string) => {
  const { message, problem, shown, state, title } = await liveCheck(rig, id);
  return { state, problem, title, message, shown: shown.map(({ value }) => value) };
};

/** As far as the code, by a client that does everything right. */
async function toCode(config: client.Configuration, params: Record<string, string> = {}) {
  const { checks, parameters } = await startRequest(params);
  return { checks, back: await passThrough(rig.gateway, rig.person, client.buildAuthorizationUrl(config, parameters)) };
}

describe('the live check', () => {
  it('goes from nothing over discovery and sign-in to who signed in and when', async () => {
    const { clientId, id, secret } = await addApp(rig);
    expect(await said(id)).toMatchObject({ state: 'waiting', shown: [`${rig.gateway.publicUrl}/oidc/.well-known/openid-configuration`] });
    const config = await configure(rig.gateway, clientId, right(secret));
    expect(await said(id)).toMatchObject({ state: 'waiting', shown: [] });
    const { parameters } = await startRequest();
    await rig.person.browser.navigate(client.buildAuthorizationUrl(config, parameters).href);
    expect(await said(id)).toMatchObject({ state: 'under_way', title: 'Somebody is at the sign-in page' });
    await signIn(rig.gateway, rig.person, config);
    const works = await liveCheck(rig, id);
    expect(works).toMatchObject({ state: 'works', person: { id: rig.person.personId, name: 'Person ann' } });
    expect(works.steps.every(({ doneAtMs }) => doneAtMs !== null)).toBe(true);
  });

  it('shows the redirect URI that came beside those that are allowed', async () => {
    const { clientId, id, secret } = await addApp(rig, { redirectUris: ['https://board.example.com/callback'] });
    const config = await configure(rig.gateway, clientId, right(secret));
    const { parameters } = await startRequest({ redirect_uri: 'https://board.example.com/callback/' });
    await rig.person.browser.navigate(client.buildAuthorizationUrl(config, parameters).href);
    expect(await said(id)).toMatchObject({
      problem: 'redirect_uri',
      message: expect.stringContaining('slash at the end') as unknown,
      shown: ['https://board.example.com/callback/', 'https://board.example.com/callback'],
    });
  });

  it('says that PKCE is missing', async () => {
    const { clientId, id, secret } = await addApp(rig);
    const config = await configure(rig.gateway, clientId, right(secret));
    const url = client.buildAuthorizationUrl(config, { redirect_uri: `${APP_ORIGIN}/callback`, scope: 'openid' });
    await passThrough(rig.gateway, rig.person, url);
    expect(await said(id)).toMatchObject({ problem: 'pkce_missing' });
  });

  it('says that the verifier is another one', async () => {
    const { clientId, id, secret } = await addApp(rig);
    const config = await configure(rig.gateway, clientId, right(secret));
    const { back, checks } = await toCode(config);
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    await expect(client.authorizationCodeGrant(config, back, { ...checks, pkceCodeVerifier })).rejects.toThrow();
    expect(await said(id)).toMatchObject({ problem: 'pkce_wrong' });
  });

  it.each([
    ['a wrong secret', client.ClientSecretBasic('not-it'), 'secret_wrong'],
    ['a wrong secret in the body', client.ClientSecretPost('not-it'), 'secret_wrong'],
    ['no secret', client.None(), 'secret_missing'],
  ] as const)('tells %s at the token endpoint', async (_what, auth, problem) => {
    const { clientId, id } = await addApp(rig);
    const config = await configure(rig.gateway, clientId, auth);
    const { back, checks } = await toCode(config);
    await expect(client.authorizationCodeGrant(config, back, checks)).rejects.toThrow();
    expect(await said(id)).toMatchObject({ state: 'problem', problem });
  });

  it('tells a secret that an app without one shows', async () => {
    const { clientId, id } = await addApp(rig, { kind: 'browser' });
    const config = await configure(rig.gateway, clientId, right('from-somewhere'));
    const { back, checks } = await toCode(config);
    await expect(client.authorizationCodeGrant(config, back, checks)).rejects.toThrow();
    expect(await said(id)).toMatchObject({ problem: 'secret_unexpected' });
  });

  it('shows an unknown client id beside the app’s own, from the browser and from the server', async () => {
    const { clientId, id } = await addApp(rig);
    const config = await configure(rig.gateway, 'bord', right('x'));
    const { parameters } = await startRequest();
    await rig.person.browser.navigate(client.buildAuthorizationUrl(config, parameters).href);
    expect(await said(id)).toMatchObject({ problem: 'unknown_client', shown: ['bord', clientId] });
    const other = await configure(rig.gateway, 'bort', right('x'));
    await expect(client.clientCredentialsGrant(other)).rejects.toThrow();
    expect((await said(id)).shown).toEqual(['bort', clientId]);
  });

  it('names a scope that was left out', async () => {
    const { clientId, id, secret } = await addApp(rig);
    const config = await configure(rig.gateway, clientId, right(secret));
    const { parameters } = await startRequest({ scope: 'openid roles' });
    await rig.person.browser.navigate(client.buildAuthorizationUrl(config, parameters).href);
    expect(await said(id)).toMatchObject({ state: 'under_way', shown: ['roles'] });
  });

  it('says that an API is not the app’s', async () => {
    const { clientId, id, secret } = await addApp(rig, { kind: 'machine', redirectUris: [] });
    const config = await configure(rig.gateway, clientId, right(secret));
    await expect(client.clientCredentialsGrant(config, { resource: 'https://payroll.example.com/' })).rejects.toThrow();
    expect(await said(id)).toMatchObject({ problem: 'api' });
  });

  it('says that a machine asks in the wrong way', async () => {
    const { clientId, id, secret } = await addApp(rig);
    const config = await configure(rig.gateway, clientId, right(secret));
    await expect(client.clientCredentialsGrant(config)).rejects.toThrow();
    expect(await said(id)).toMatchObject({ problem: 'grant' });
  });

  it('says who was denied, why, and by which decision', async () => {
    const { clientId, id, secret } = await addApp(rig);
    const config = await configure(rig.gateway, clientId, right(secret));
    isDenied = true;
    const { parameters } = await startRequest();
    const page = await rig.person.browser.navigate(client.buildAuthorizationUrl(config, parameters).href);
    const { body } = await presentPasskey(rig.gateway, rig.person, uidOf(page.url));
    await rig.person.browser.navigate(body.redirectTo);
    const check = await liveCheck(rig, id);
    expect(check).toMatchObject({
      problem: 'denied',
      person: { name: 'Person ann' },
      decisionId: rig.gateway.decisions.findLast(({ action }) => action === 'app.login')?.decision.id,
    });
  });

  it('sees a code that comes too late, one that comes twice, and one that nobody fetches', async () => {
    const { clientId, id, secret } = await addApp(rig);
    const config = await configure(rig.gateway, clientId, right(secret));
    const late = await toCode(config);
    expect((await said(id)).state).toBe('under_way');
    const nowMs = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: nowMs + 11_000 });
    expect(await said(id)).toMatchObject({ state: 'problem', problem: 'code_not_fetched' });
    vi.setSystemTime(nowMs + 61_000);
    await expect(client.authorizationCodeGrant(config, late.back, late.checks)).rejects.toThrow();
    expect(await said(id)).toMatchObject({ problem: 'code_expired' });
    vi.useRealTimers();
    const twice = await toCode(config);
    await client.authorizationCodeGrant(config, twice.back, twice.checks);
    await expect(client.authorizationCodeGrant(config, twice.back, twice.checks)).rejects.toThrow();
    expect(await said(id)).toMatchObject({ problem: 'code_used' });
  });

  it('keeps nothing of it in the log of the program, and forgets an app that is removed', async () => {
    const { clientId, id } = await addApp(rig);
    const config = await configure(rig.gateway, clientId, right('not-it'));
    const { back, checks } = await toCode(config);
    await expect(client.authorizationCodeGrant(config, back, checks)).rejects.toThrow();
    expect(rig.gateway.logLines.join('\n')).not.toContain('not-it');
    await rig.call(`/apps/${id}/remove`, { reason: 'a test' });
    expect((await rig.call(`/apps/${id}/live-check`)).status).toBe(404);
  });
});

describe('watching an app', () => {
  const open = async (id: string, signal?: AbortSignal): Promise<Response> =>
    rig.operator.browser.request(`${rig.gateway.publicUrl}/api/apps/${id}/live-check/events`, signal === undefined ? {} : { signal });

  it('tells each step when it happens', async () => {
    const { clientId, id, secret } = await addApp(rig);
    const stop = new AbortController();
    const response = await open(id, stop.signal);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const states: string[] = [];
    const reading = (async () => {
      const decoder = new TextDecoder();
      let text = '';
      for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        text += decoder.decode(chunk, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const [, data] = /^event: check\ndata: (.*)$/.exec(block) ?? [];
          if (data !== undefined) states.push(liveCheckSchema.parse(JSON.parse(data)).state);
        }
        if (states.at(-1) === 'works') return;
      }
    })();
    await signIn(rig.gateway, rig.person, await configure(rig.gateway, clientId, right(secret)));
    await reading;
    expect(states[0]).toBe('waiting');
    expect(states).toContain('under_way');
    stop.abort();
  });

  it('is for those who may read the console, as often as they may', async () => {
    const { id } = await addApp(rig);
    expect((await fetch(`${rig.gateway.publicUrl}/api/apps/${id}/live-check/events`)).status).toBe(401);
    const stop = new AbortController();
    const opened = await Promise.all(Array.from({ length: LIVE_CHECKS_PER_PERSON_MAX }, async () => open(id, stop.signal)));
    expect(opened.map(({ status }) => status)).toEqual(opened.map(() => 200));
    expect((await open(id)).status).toBe(429);
    stop.abort();
    await vi.waitFor(async () => {
      const again = await open(id);
      expect(again.status).toBe(200);
      await again.body?.cancel();
    });
  });
});
