import * as client from 'openid-client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AppDetail, AppSettings, AppsView, AppWithSecret } from '#gateway/http/contract/apps.ts';
import { addApp, appDraft, configure, signIn, startAppRig, type AppRig } from '#test/support/oidc/app-rig.ts';
import { APP_ORIGIN } from '#test/support/oidc/client.ts';
import { passThrough, startRequest } from '#test/support/oidc/flows.ts';
import { signInToConsole } from '#test/support/oidc/sign-in.ts';

let rig: AppRig | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await rig?.close();
  rig = undefined;
});
const start = async (options: Parameters<typeof startAppRig>[0] = {}): Promise<AppRig> => (rig = await startAppRig(options));
const reason = 'a test';
const refused = { status: 401 };

describe('an app that is added while the gateway runs', () => {
  it('signs people in at once, by a real client, and is shown without its secret', async () => {
    const on = await start();
    const { clientId, id, secret } = await addApp(on);
    const config = await configure(on.gateway, clientId, client.ClientSecretBasic(secret));

    const tokens = await signIn(on.gateway, on.person, config);

    expect(tokens.claims()).toMatchObject({ sub: on.person.personId, aud: clientId });
    expect(await client.fetchUserInfo(config, tokens.access_token, on.person.personId)).toMatchObject({ sub: on.person.personId });
    const shown = JSON.stringify([await on.call(`/apps/${id}`), await on.call('/apps'), await on.gateway.records(), on.gateway.logLines]);
    expect(shown).not.toContain(secret);
    expect(await on.gateway.records()).toContainEqual(
      expect.objectContaining({ type: 'session', event: 'started', kind: 'app', appId: id, personId: on.person.personId }),
    );
  });

  it('lets a new secret in at once and the old one until its time, and not a moment longer', async () => {
    const on = await start();
    const { clientId, id, secret } = await addApp(on);
    const { body } = await on.call<AppWithSecret>(`/apps/${id}/secret`, { keepOldS: 600, reason });
    const [newer, older] = await Promise.all(
      [body.secret ?? '', secret].map((one) => configure(on.gateway, clientId, client.ClientSecretBasic(one))),
    );
    if (newer === undefined || older === undefined) throw new TypeError('two clients were configured');
    expect(body.app.secrets).toHaveLength(2);

    const byNew = await signIn(on.gateway, on.person, newer);
    await signIn(on.gateway, on.person, older);

    const endsAtMs = body.app.secrets[1]?.validUntilMs ?? 0;
    vi.useFakeTimers({ toFake: ['Date'], now: endsAtMs - 5_000 });
    const refreshed = await client.refreshTokenGrant(older, byNew.refresh_token ?? '');
    vi.setSystemTime(endsAtMs);
    await expect(client.refreshTokenGrant(older, refreshed.refresh_token ?? '')).rejects.toMatchObject(refused);
    await client.refreshTokenGrant(newer, refreshed.refresh_token ?? '');
  });

  it('loses the old secret at once where no time was given, and keeps two at most', async () => {
    const on = await start();
    const { clientId, id, secret } = await addApp(on);
    const second = await on.call<AppWithSecret>(`/apps/${id}/secret`, { keepOldS: 600, reason });
    const third = await on.call<AppWithSecret>(`/apps/${id}/secret`, { keepOldS: 0, reason });
    expect(third.body.app.secrets).toHaveLength(1);
    for (const old of [secret, second.body.secret ?? '']) {
      const config = await configure(on.gateway, clientId, client.ClientSecretBasic(old));
      await expect(signIn(on.gateway, on.person, config)).rejects.toMatchObject(refused);
    }
  });

  it('is refused from the moment it is removed, and so are the tokens and sessions it had', async () => {
    const on = await start();
    const { clientId, id, secret } = await addApp(on);
    const config = await configure(on.gateway, clientId, client.ClientSecretBasic(secret));
    const tokens = await signIn(on.gateway, on.person, config);

    expect((await on.call(`/apps/${id}/remove`, { reason })).status).toBe(200);

    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject(refused);
    await expect(client.fetchUserInfo(config, tokens.access_token, on.person.personId)).rejects.toMatchObject({ status: 401 });
    const { parameters } = await startRequest();
    const page = await on.person.browser.navigate(client.buildAuthorizationUrl(config, parameters).href);
    expect(page.response?.status).toBe(400);
    expect(await on.gateway.liveSessions.ofPerson(on.person.personId)).not.toContainEqual(expect.objectContaining({ kind: 'app' }));
    expect((await on.call(`/apps/${id}`)).status).toBe(404);
    expect(await on.gateway.records()).toContainEqual(
      expect.objectContaining({ type: 'session', event: 'ended', appId: id, cause: 'app_removed', personId: on.person.personId }),
    );
  });

  it('is unknown while it is switched off, and comes back without the sessions it had', async () => {
    const on = await start();
    const { clientId, id, secret } = await addApp(on);
    const config = await configure(on.gateway, clientId, client.ClientSecretBasic(secret));
    const tokens = await signIn(on.gateway, on.person, config);

    await on.call(`/apps/${id}/disable`, { reason });
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject(refused);
    await on.call(`/apps/${id}/enable`, { reason });
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
    expect((await signIn(on.gateway, on.person, config)).claims()?.sub).toBe(on.person.personId);
  });

  it('is told by back-channel logout that it was switched off', async () => {
    const told: string[] = [];
    const { createServer } = await import('node:http');
    const server = createServer((request, response) => {
      told.push(request.url ?? '');
      response.writeHead(200).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('no port');
    const on = await start();
    const { clientId, id, secret } = await addApp(on, { backchannelLogoutUri: `http://127.0.0.1:${String(address.port)}/logout` });
    await signIn(on.gateway, on.person, await configure(on.gateway, clientId, client.ClientSecretBasic(secret)));
    await on.call(`/apps/${id}/disable`, { reason });
    await new Promise<void>((resolve) => server.close(() => resolve()));
    expect(told).toEqual(['/logout']);
  });

  it('has its corrected address at once, for whoever saw the newest version', async () => {
    const on = await start();
    const { clientId, id, secret } = await addApp(on, { redirectUris: ['https://elsewhere.example.com/callback'] });
    const config = await configure(on.gateway, clientId, client.ClientSecretBasic(secret));
    const { parameters } = await startRequest();
    const url = client.buildAuthorizationUrl(config, parameters);
    expect((await on.person.browser.navigate(url.href)).response?.status).toBe(400);

    const changed = await on.call<AppDetail>(`/apps/${id}/change`, { draft: appDraft({ name: 'Boards' }), version: 1, reason });
    expect(changed.body).toMatchObject({ name: 'Boards', version: 2, redirectUris: [`${APP_ORIGIN}/callback`] });
    await signIn(on.gateway, on.person, config);
    expect((await on.call(`/apps/${id}/change`, { draft: appDraft(), version: 1, reason })).status).toBe(409);
  });

  it.each(['browser', 'native'] as const)('of kind %s signs in without a secret', async (kind) => {
    const on = await start();
    const { clientId, secret } = await addApp(on, { kind });
    expect(secret).toBe('');
    const tokens = await signIn(on.gateway, on.person, await configure(on.gateway, clientId, client.None()));
    expect(tokens.claims()?.sub).toBe(on.person.personId);
  });

  it('of kind native comes back to any port of loopback', async () => {
    const on = await start();
    const { clientId } = await addApp(on, { kind: 'native', redirectUris: ['http://127.0.0.1/back'] });
    const config = await configure(on.gateway, clientId, client.None());
    const { parameters } = await startRequest({ redirect_uri: 'http://127.0.0.1:9/back' });
    const page = await on.person.browser.navigate(client.buildAuthorizationUrl(config, parameters).href);
    expect(page.url.pathname).toMatch(/^\/signin\//);
  });

  it('of kind machine gets tokens by its own credentials, until it is removed', async () => {
    const on = await start();
    const { clientId, id, secret } = await addApp(on, { kind: 'machine', redirectUris: [] });
    const config = await configure(on.gateway, clientId, client.ClientSecretBasic(secret));
    expect((await client.clientCredentialsGrant(config)).access_token).toBeTruthy();
    await on.call(`/apps/${id}/remove`, { reason });
    await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject(refused);
  });

  it('must use PKCE', async () => {
    const on = await start();
    const { clientId, secret } = await addApp(on);
    const config = await configure(on.gateway, clientId, client.ClientSecretBasic(secret));
    const back = await passThrough(
      on.gateway,
      on.person,
      client.buildAuthorizationUrl(config, { redirect_uri: `${APP_ORIGIN}/callback`, scope: 'openid' }),
    );
    expect(back.searchParams.get('error')).toBe('invalid_request');
  });
});

describe('changing apps', () => {
  it('is the policy’s to allow: a denied operator adds nothing, and the attempt is a decision', async () => {
    const on = await start({ judgeOperator: ({ action }) => (action === 'app.manage' ? 'operator.not_authorized' : 'permit') });
    expect((await on.call('/apps', { draft: appDraft(), reason })).status).toBe(403);
    expect((await on.call<AppsView>('/apps')).body.apps.map(({ id }) => id)).not.toContain('board');
    expect(on.gateway.decisions.at(-2)).toMatchObject({ action: 'app.manage', decision: { effect: 'deny' } });
  });

  it('takes a reason, and no one who is not signed in', async () => {
    const on = await start();
    expect((await on.call('/apps', { draft: appDraft() })).status).toBe(400);
    expect((await on.person.browser.call(`${on.gateway.publicUrl}/api/apps`, { draft: appDraft(), reason })).status).toBe(401);
    await signInToConsole(on.gateway, on.person);
    expect((await on.person.browser.call(`${on.gateway.publicUrl}/api/apps`)).status).not.toBe(200);
  });

  it.each([
    ['an id that an app of the file has', { id: 'wiki' }, 'draft.id'],
    ['a wildcard', { redirectUris: ['https://*.example.com/'] }, 'draft.redirectUris.0'],
    ['an unknown area', { rules: { ...appDraft().rules, requiresAreaId: 'moon' } }, 'draft.rules.requiresAreaId'],
    ['an unknown API', { apis: ['payroll'] }, 'draft.apis.0'],
  ])('is refused for %s, naming the field', async (_what, change, field) => {
    const on = await start();
    const { body, status } = await on.call<{ error: { field: string } }>('/apps', { draft: appDraft(change), reason });
    expect({ status, field: body.error.field }).toEqual({ status: 400, field });
  });

  it('leaves apps of the configuration file alone', async () => {
    const on = await start();
    expect((await on.call('/apps/wiki/remove', { reason })).status).toBe(409);
    expect((await on.call('/apps/nobody/remove', { reason })).status).toBe(404);
  });

  it('is recorded before it is made, by the names of fields and not what is in them', async () => {
    const on = await start();
    const { id } = await addApp(on);
    await on.call(`/apps/${id}/disable`, { reason });
    const changes = (await on.gateway.records()).filter((record) => record.type === 'directory_change' && record.subjectType === 'app');
    expect(changes).toMatchObject([
      { change: 'added', subjectId: 'board', digestBefore: null },
      { change: 'replaced', changes: expect.arrayContaining(['-enabled']) as unknown },
    ]);
    expect(JSON.stringify(changes)).not.toContain('localhost');
  });
});

describe('what the settings to copy rest on', () => {
  it('puts mail address and groups into the ID token of a client that asks for them there, as kubectl has to', async () => {
    const on = await start();
    const { clientId } = await addApp(on, { kind: 'native' });
    const config = await configure(on.gateway, clientId, client.None());
    const { checks, parameters } = await startRequest({ claims: '{"id_token":{"email":null,"groups":null}}' });
    const back = await passThrough(on.gateway, on.person, client.buildAuthorizationUrl(config, parameters));
    const tokens = await client.authorizationCodeGrant(config, back, checks);
    expect(tokens.claims()).toHaveProperty('groups');
    expect(tokens.claims()).toHaveProperty('email');
    expect(tokens.claims()).not.toHaveProperty('name');
  });

  it('gives no claim that the scopes do not give', async () => {
    const on = await start();
    const { clientId } = await addApp(on, { kind: 'native' });
    const config = await configure(on.gateway, clientId, client.None());
    const { checks, parameters } = await startRequest({ scope: 'openid', claims: '{"id_token":{"email":null,"gatehouse_presence":null}}' });
    const back = await passThrough(on.gateway, on.person, client.buildAuthorizationUrl(config, parameters));
    const tokens = await client.authorizationCodeGrant(config, back, checks);
    for (const claim of ['email', 'gatehouse_presence']) expect(tokens.claims()).not.toHaveProperty(claim);
  });

  it('fills in the app’s own values, and a placeholder for the secret', async () => {
    const on = await start();
    const { clientId, id, secret } = await addApp(on);
    const { body } = await on.call<AppSettings>(`/apps/${id}/settings`);
    expect(body.settings.map((one) => one.id)).toEqual(['generic', 'express', 'nextjs', 'oauth2-proxy', 'grafana', 'gitlab']);
    for (const { files, id: name } of body.settings) {
      const text = files.map((file) => file.text).join('\n');
      for (const value of [clientId, `${on.gateway.publicUrl}/oidc`, body.placeholder]) expect(text, name).toContain(value);
      expect(text).not.toContain(secret);
    }
  });
});
