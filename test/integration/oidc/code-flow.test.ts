import * as client from 'openid-client';
import { afterEach, expect, it } from 'vitest';
import type { Continue, InteractionView } from '#gateway/http/contract/sign-in.ts';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';
import type { Verdict } from '#test/support/policy/judged-by.ts';
import { ageSessions, authorizationRequest, confidential, discover, isApp, signInToApp } from '#test/support/oidc/client.ts';
import { interactionAt } from '#test/support/oidc/flows.ts';
import { enrolPerson, presentPasskey, uidOf } from '#test/support/oidc/sign-in.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(options: Partial<Parameters<typeof startHttpGateway>[0]> = {}): Promise<HttpGateway> {
  const gateway = await startHttpGateway({ clients: [confidential()], ...options });
  cleanUp.push(() => gateway.close());
  return gateway;
}

it('signs a person in with a passkey, decides, and gives the app claims, userinfo and a rotated refresh token', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);

  const { tokens } = await signInToApp(gateway, person, config);

  const claims = tokens.claims();
  expect(claims).toMatchObject({ sub: person.personId, acr: 'urn:gatehouse:acr:passkey' });
  expect(claims?.['amr']).toContain('hwk');
  expect(claims?.['gatehouse_decision']).toBe(gateway.decisions[0]?.decision.id);
  expect(await client.fetchUserInfo(config, tokens.access_token, person.personId)).toMatchObject({
    name: 'Person ann',
    email: 'ann@example.test',
    groups: ['engineering', 'night-shift'],
  });

  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
  expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
  expect(gateway.decisions.map(({ action }) => action)).toEqual(['app.login', 'token.refresh']);
  expect(refreshed.claims()?.['gatehouse_decision']).toBe(gateway.decisions[1]?.decision.id);
});

it('decides again on single sign-on, without asking for the passkey', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  await signInToApp(gateway, person, config);

  const { url, checks } = await authorizationRequest(config);
  const back = await person.browser.navigate(url.href, isApp);

  await client.authorizationCodeGrant(config, back.url, checks);
  expect(gateway.decisions.map(({ action }) => action)).toEqual(['app.login', 'app.login']);
});

it('tells its page the language that the app asks for, where there are texts in it', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const languageFor = async (uiLocales: string): Promise<string | undefined> => {
    const { url } = await authorizationRequest(config);
    url.searchParams.set('ui_locales', uiLocales);
    return (await interactionAt(gateway, person, (await person.browser.navigate(url.href, isApp)).url)).language;
  };
  expect(await languageFor('fr es-MX de')).toBe('es');
  expect(await languageFor('fr')).toBeUndefined();
});

it('shows a denied person why, and lets them in when the policy permits on the next try', async () => {
  let insideArea = false;
  const gateway = await start({ judgeApp: () => (insideArea ? 'permit' : 'presence.required') });
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { url, checks } = await authorizationRequest(config);
  const page = await person.browser.navigate(url.href);
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));

  const denied = await person.browser.navigate(body.redirectTo, isApp);
  const path = `${gateway.publicUrl}/api/interaction/${uidOf(denied.url)}`;
  const view = await person.browser.call(path);
  expect(view.body).toMatchObject({
    appName: 'Wiki',
    prompt: 'denied',
    denied: { decisionId: gateway.decisions[0]?.decision.id, reasons: [{ code: 'presence.required' }] },
  });

  insideArea = true;
  const retry = await person.browser.call<Continue>(`${path}/retry`, {});
  const back = await person.browser.navigate(retry.body.redirectTo, isApp);
  expect((await client.authorizationCodeGrant(config, back.url, checks)).access_token).toBeTypeOf('string');
});

it('takes a denied person back to the app with access_denied, the reason and the decision', async () => {
  const gateway = await start({ judgeApp: () => 'grant.missing' });
  const person = await enrolPerson(gateway, 'ann');
  const { url } = await authorizationRequest(await discover(gateway));
  const page = await person.browser.navigate(url.href);
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));
  const denied = await person.browser.navigate(body.redirectTo, isApp);

  const abort = await person.browser.call<Continue>(`${gateway.publicUrl}/api/interaction/${uidOf(denied.url)}/abort`, {});
  const back = await person.browser.navigate(abort.body.redirectTo, isApp);

  expect(back.url.searchParams.get('error')).toBe('access_denied');
  expect(back.url.searchParams.get('error_description')).toBe(`access denied: grant.missing (${gateway.decisions[0]?.decision.id ?? ''})`);
});

it('tells the client itself when prompt=none is denied', async () => {
  let permitted = true;
  const gateway = await start({ judgeApp: () => (permitted ? 'permit' : 'network.elsewhere') });
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  await signInToApp(gateway, person, config);
  permitted = false;

  const { url } = await authorizationRequest(config, { prompt: 'none' });
  const back = await person.browser.navigate(url.href, isApp);

  expect(back.url.searchParams.get('error')).toBe('access_denied');
  expect(back.url.searchParams.get('error_description')).toContain('network.elsewhere');
});

it('asks for the passkey again on a step-up, and decides again after it', async () => {
  const verdicts: Verdict[] = ['permit', [{ id: 'step_up', acr: 'urn:gatehouse:acr:passkey', max_age_s: 0 }], 'permit'];
  const gateway = await start({ judgeApp: () => verdicts.shift() ?? 'grant.missing' });
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  await signInToApp(gateway, person, config);
  // The sign-in is made to be an hour old, less what a session lives.
  await ageSessions(gateway, person.personId, 3_000);

  const { url, checks } = await authorizationRequest(config);
  const page = await person.browser.navigate(url.href, isApp);
  const view = await person.browser.call<InteractionView>(`${gateway.publicUrl}/api/interaction/${uidOf(page.url)}`);
  expect(view.body).toMatchObject({ prompt: 'step_up', denied: null });
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));
  const back = await person.browser.navigate(body.redirectTo, isApp);

  const tokens = await client.authorizationCodeGrant(config, back.url, checks);
  expect(tokens.claims()?.auth_time).toBeGreaterThan(Date.now() / 1_000 - 60);
  expect(gateway.decisions).toHaveLength(3);
});

it('shows a step-up that only badging in can satisfy as a denial that says so', async () => {
  const gateway = await start({ judgeApp: () => [{ id: 'step_up', acr: 'urn:gatehouse:acr:on-site', max_age_s: 0 }] });
  const person = await enrolPerson(gateway, 'ann');
  const { url } = await authorizationRequest(await discover(gateway));
  const page = await person.browser.navigate(url.href);
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));

  const denied = await person.browser.navigate(body.redirectTo, isApp);
  const view = await person.browser.call<InteractionView>(`${gateway.publicUrl}/api/interaction/${uidOf(denied.url)}`);

  expect(view.body.denied?.reasons[0]?.code).toBe('presence.required');
});

it('does not let somebody else’s passkey into a running session', async () => {
  const verdicts: Verdict[] = ['permit', [{ id: 'step_up', acr: 'urn:gatehouse:acr:passkey', max_age_s: 0 }]];
  const gateway = await start({ judgeApp: () => verdicts.shift() ?? 'grant.missing' });
  const person = await enrolPerson(gateway, 'ann');
  const other = await enrolPerson(gateway, 'bob');
  const config = await discover(gateway);
  await signInToApp(gateway, person, config);
  await ageSessions(gateway, person.personId, 3_000);
  const page = await person.browser.navigate((await authorizationRequest(config)).url.href, isApp);

  const answer = await presentPasskey(gateway, { browser: person.browser, authenticator: other.authenticator }, uidOf(page.url));

  expect(answer).toMatchObject({ status: 409, body: { error: { code: 'sign_in.other_person' } } });
});

it('shows its own page for an unknown client and for a return address that is not registered', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const config = await discover(gateway);
  const { url } = await authorizationRequest(config);
  const unknownClient = new URL(url);
  unknownClient.searchParams.set('client_id', 'nobody');
  const badRedirect = new URL(url);
  badRedirect.searchParams.set('redirect_uri', 'http://localhost:9/elsewhere');

  for (const [target, code] of [
    [unknownClient, 'invalid_client'],
    [badRedirect, 'invalid_redirect_uri'],
  ] as const) {
    const { url: end, response } = await person.browser.navigate(target.href, isApp);
    expect(end.origin).toBe(gateway.publicUrl);
    expect(response?.status).toBe(400);
    const text = await response?.text();
    expect(text).toContain(code);
    expect(text).not.toContain('<style');
    // The switch of the language is a file of the gateway's own; nothing of the request can become a script.
    expect(text?.match(/<script[^>]*>/g)).toEqual(['<script src="/oidc-pages/language.js" defer>']);
  }
});

it('refuses an authorization request without PKCE', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const { url } = await authorizationRequest(await discover(gateway));
  url.searchParams.delete('code_challenge');
  url.searchParams.delete('code_challenge_method');

  const back = await person.browser.navigate(url.href, isApp);

  expect(back.url.searchParams.get('error')).toBe('invalid_request');
});

it('signs nobody in when the log cannot be written, and tells the operator', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const { url } = await authorizationRequest(await discover(gateway));
  const page = await person.browser.navigate(url.href);
  const { body } = await presentPasskey(gateway, person, uidOf(page.url));
  gateway.audit.breakDown();

  const back = await person.browser.navigate(body.redirectTo, isApp);

  expect(back.url.origin).toBe(gateway.publicUrl);
  expect(back.response?.status).toBe(500);
  expect(await back.response?.text()).toContain('Nothing was granted');
  expect(gateway.logLines.join('')).toContain('oidc.failed');
});

it('keeps two sign-ins in two tabs apart, and another browser out', async () => {
  const gateway = await start();
  const person = await enrolPerson(gateway, 'ann');
  const other = await enrolPerson(gateway, 'bob');
  const config = await discover(gateway);
  const first = await authorizationRequest(config);
  const second = await authorizationRequest(config);
  const firstPage = await person.browser.navigate(first.url.href);
  const secondPage = await person.browser.navigate(second.url.href);

  const stranger = await other.browser.call(`${gateway.publicUrl}/api/interaction/${uidOf(firstPage.url)}`);
  expect(stranger.status).toBe(404);
  for (const [page, { checks }] of [
    [secondPage, second],
    [firstPage, first],
  ] as const) {
    const { body } = await presentPasskey(gateway, person, uidOf(page.url));
    const back = await person.browser.navigate(body.redirectTo, isApp);
    expect((await client.authorizationCodeGrant(config, back.url, checks)).access_token).toBeTypeOf('string');
  }
});
