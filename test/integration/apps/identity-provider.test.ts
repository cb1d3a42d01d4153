import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import * as client from 'openid-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { RegisteredClientsView } from '#gateway/http/contract/apps.ts';
import type { IdentityProviderView, RetiredKey } from '#gateway/http/contract/oidc-admin.ts';
import { addApp, configure, signIn, startAppRig, type AppRig } from '#test/support/oidc/app-rig.ts';
import { APP_ORIGIN } from '#test/support/oidc/client.ts';
import { enrolPerson, signInToConsole } from '#test/support/oidc/sign-in.ts';

let rig: AppRig | undefined;
afterEach(async () => {
  await rig?.close();
  rig = undefined;
});
const start = async (options: Parameters<typeof startAppRig>[0] = {}): Promise<AppRig> => (rig = await startAppRig(options));
const reason = 'a backup was stolen';
const jwks = async ({ gateway }: AppRig): Promise<JSONWebKeySet> =>
  (await (await fetch(`${gateway.publicUrl}/oidc/jwks`)).json()) as JSONWebKeySet;
const signingKid = async (on: AppRig): Promise<string> => {
  const { keys } = (await on.call<IdentityProviderView>('/oidc')).body;
  return keys.find(({ alg, state }) => alg === 'ES256' && state === 'signing')?.kid ?? '';
};
const retire = (on: AppRig, kid: string) => on.call<RetiredKey>('/oidc/keys/retire', { kid, reason });

describe('a signing key that is retired in an emergency', () => {
  it('is gone at once, what it signed is worth nothing, and clients go on with the next one', async () => {
    const on = await start();
    const { clientId, secret } = await addApp(on);
    const config = await configure(on.gateway, clientId, client.ClientSecretBasic(secret));
    const before = await signIn(on.gateway, on.person, config);
    const kid = await signingKid(on);
    expect(decodeProtectedHeader(before.id_token ?? '').kid).toBe(kid);

    const { body, status } = await retire(on, kid);
    expect({ status, state: body.state }).toEqual({ status: 200, state: 'retired' });

    const published = await jwks(on);
    expect(published.keys.map((key) => key.kid)).not.toContain(kid);
    await expect(jwtVerify(before.id_token ?? '', createLocalJWKSet(published))).rejects.toThrow();
    const refreshed = await client.refreshTokenGrant(config, before.refresh_token ?? '');
    expect(decodeProtectedHeader(refreshed.id_token ?? '').kid).toBe(body.state === 'retired' ? body.replacedBy : '');
    await jwtVerify(refreshed.id_token ?? '', createLocalJWKSet(published));
    const fresh = await signIn(on.gateway, on.person, await configure(on.gateway, clientId, client.ClientSecretBasic(secret)));
    expect(fresh.claims()?.sub).toBe(on.person.personId);
    const records = await on.gateway.records();
    expect(records).toContainEqual(
      expect.objectContaining({ type: 'directory_change', subjectType: 'signing_key', change: 'removed', changes: [`kid:${kid}`] }),
    );
    expect(records).toContainEqual(expect.objectContaining({ type: 'alarm', code: 'oidc.key_retired', sourceId: kid }));
    expect((await retire(on, kid)).status).toBe(404);
  });

  it('stays where the policy says no', async () => {
    const on = await start({ judgeOperator: ({ action }) => (action === 'oidc.emergency' ? 'operator.not_authorized' : 'permit') });
    const kid = await signingKid(on);
    expect((await retire(on, kid)).status).toBe(403);
    expect(await signingKid(on)).toBe(kid);
  });

  it('waits for a second operator where the policy wants two, and not for the same one twice', async () => {
    const on = await start({
      judgeOperator: ({ action, firstOperatorId, operator }) =>
        action === 'oidc.emergency' && (firstOperatorId === null || firstOperatorId === operator.id) ? 'operator.same_person' : 'permit',
    });
    const kid = await signingKid(on);
    const first = await retire(on, kid);
    expect({ status: first.status, state: first.body.state }).toEqual({ status: 202, state: 'waits_for_second_operator' });
    expect((await retire(on, kid)).status).toBe(403);
    expect(await signingKid(on)).toBe(kid);

    const second = await enrolPerson(on.gateway, 'berta', { roles: ['security_admin'] });
    await signInToConsole(on.gateway, second);
    const shown = await second.browser.call<IdentityProviderView>(`${on.gateway.publicUrl}/api/oidc`);
    expect(shown.body.keys.find((key) => key.kid === kid)?.retirementAskedBy).toBe(on.operator.personId);
    const done = await second.browser.call<RetiredKey>(`${on.gateway.publicUrl}/api/oidc/keys/retire`, { kid, reason });
    expect(done.body.state).toBe('retired');
    expect(await signingKid(on)).not.toBe(kid);
  });
});

describe('a client that has registered itself', () => {
  interface Offer {
    readonly token: string;
    readonly endpoint: string;
  }
  const offer = (on: AppRig, appId: string) => on.call<Offer>('/oidc/registration-tokens', { appId, origins: [APP_ORIGIN], reason });
  const post = ({ endpoint, token }: Offer): Promise<Response> =>
    fetch(endpoint, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ client_name: 'Staging <wiki>', redirect_uris: [`${APP_ORIGIN}/callback`] }),
    });
  async function register(on: AppRig, appId = 'wiki'): Promise<{ readonly clientId: string; readonly secret: string }> {
    const made = (await (await post((await offer(on, appId)).body)).json()) as { client_id: string; client_secret: string };
    return { clientId: made.client_id, secret: made.client_secret };
  }
  const list = async (on: AppRig) => (await on.call<RegisteredClientsView>('/oidc/clients')).body;

  it('is listed with its app, and removed with its sessions', async () => {
    const on = await start();
    const { clientId, secret } = await register(on);
    expect(await list(on)).toMatchObject({
      clients: [{ clientId, name: 'Staging <wiki>', appId: 'wiki', redirectUris: [`${APP_ORIGIN}/callback`] }],
      next: null,
    });
    expect(JSON.stringify(await list(on))).not.toContain(secret);
    const config = await configure(on.gateway, clientId, client.ClientSecretBasic(secret));
    const tokens = await signIn(on.gateway, on.person, config);

    expect((await on.call(`/oidc/clients/${clientId}/remove`, { reason })).status).toBe(200);

    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({ status: 401 });
    await expect(client.fetchUserInfo(config, tokens.access_token, on.person.personId)).rejects.toMatchObject({ status: 401 });
    expect(await list(on)).toEqual({ clients: [], next: null });
    expect((await on.call(`/oidc/clients/${clientId}/remove`, { reason })).status).toBe(404);
    expect(await on.gateway.records()).toContainEqual(
      expect.objectContaining({ type: 'directory_change', subjectType: 'client', change: 'removed', subjectId: clientId }),
    );
  });

  it('stays where the policy says no', async () => {
    const on = await start({
      judgeOperator: ({ action, reason: why }) => (action === 'oidc.manage' && why === 'nope' ? 'operator.not_authorized' : 'permit'),
    });
    const { clientId } = await register(on);
    expect((await on.call(`/oidc/clients/${clientId}/remove`, { reason: 'nope' })).status).toBe(403);
    expect((await list(on)).clients).toHaveLength(1);
  });

  it('goes with its app, and so does a token that could register another one', async () => {
    const on = await start();
    const { id } = await addApp(on);
    const { clientId } = await register(on, id);
    const { body } = await offer(on, id);

    await on.call(`/apps/${id}/remove`, { reason });

    expect((await list(on)).clients).toEqual([]);
    await addApp(on);
    expect((await post(body)).status).toBe(401);
    const config = await configure(on.gateway, clientId, client.None());
    const page = await on.person.browser.navigate(
      client.buildAuthorizationUrl(config, { redirect_uri: `${APP_ORIGIN}/callback`, scope: 'openid' }).href,
    );
    expect(page.response?.status).toBe(400);
  });
});
