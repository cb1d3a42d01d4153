import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statusSchema } from '#gateway/http/contract/admin.ts';
import { appSettingsSchema, appWithSecretSchema, liveCheckSchema, type AppWithSecret } from '#gateway/http/contract/apps.ts';
import { identityProviderSchema } from '#gateway/http/contract/oidc-admin.ts';
import { dataChangedSchema, policyDataViewSchema } from '#gateway/http/contract/policy-data.ts';
import { layOutSite, type ConfiguredSite } from '#test/support/configured-site.ts';
import { passThrough, startRequest } from '#test/support/oidc/flows.ts';
import { consoleSignIn, enrolAt } from '#test/support/oidc/running-sign-in.ts';
import { startGateway, type RunningGateway } from '#test/support/running-gateway.ts';
import type { Enrolled } from '#test/support/oidc/sign-in.ts';

/** The tests follow one another: each begins with the gateway as the one before has left it. */
let site: ConfiguredSite;
let gateway: RunningGateway;
let ann: Enrolled;
let made: AppWithSecret;
const CALLBACK = 'http://localhost:9/callback';

beforeAll(async () => {
  site = await layOutSite();
  gateway = await startGateway(site.process);
  ann = await enrolAt(gateway, 'usr_ann');
}, 120_000);
afterAll(async () => {
  await gateway?.stop();
  await site?.remove();
});

const configure = (secret: string): Promise<client.Configuration> =>
  client.discovery(new URL(`${gateway.url}/oidc`), made.app.clientId, {}, client.ClientSecretBasic(secret), {
    execute: [client.allowInsecureRequests],
  });
const check = () => gateway.api.get('/api/apps/board/live-check', liveCheckSchema);

async function signIn(secret = made.secret ?? '') {
  const config = await configure(secret);
  const { checks, parameters } = await startRequest({ redirect_uri: CALLBACK });
  const back = await passThrough({ publicUrl: gateway.url } as never, ann, client.buildAuthorizationUrl(config, parameters));
  return client.authorizationCodeGrant(config, back, checks);
}

describe('an app that is added on the command line', () => {
  it('is added by the owner of the host, with a secret that is shown once', async () => {
    const { code, stderr, stdout } = await gateway.cli(
      ...['apps', 'add', 'board', '--kind', 'web', '--name', 'Board', '--redirect', CALLBACK, '--reason', 'a new board', '--json'],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    made = appWithSecretSchema.parse(JSON.parse(stdout));
    expect(made.secret).toMatch(/^[\w-]{43}$/);
    const listed = await gateway.cli('apps', 'list');
    expect(listed.stdout).toContain(made.app.clientId);
    expect(listed.stdout).not.toContain(made.secret ?? '');
    const settings = await gateway.cli('apps', 'settings', 'board', 'grafana');
    expect(settings.stdout).toContain(`client_id = ${made.app.clientId}`);
    expect((await gateway.api.get('/api/apps/board/settings', appSettingsSchema)).settings.length).toBeGreaterThan(3);
  });

  it('says what is wrong with an address, and adds nothing', async () => {
    const refused = await gateway.cli(
      'apps',
      'add',
      'chart',
      '--kind',
      'web',
      '--redirect',
      'http://chart.example.com/',
      '--reason',
      'a chart',
    );
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('draft.redirectUris.0: is not https');
    expect((await gateway.cli('apps', 'list')).stdout).not.toContain('chart');
  });

  it('is denied to everybody until an access profile names it, and the live check says whom and why', async () => {
    await expect(signIn()).rejects.toThrow();
    expect(await check()).toMatchObject({ state: 'problem', problem: 'denied', person: { name: 'Ann Example' } });
    expect((await check()).message).not.toBe('');
  });

  it('works when a profile names it, under the data that this made', async () => {
    const data = await gateway.api.get('/api/policy/data', policyDataViewSchema);
    const building = data.parts.profiles['building'] ?? expect.fail('there is such a profile');
    const value = { ...building, resources: [...building.resources, { kind: 'app', id: 'board' }] };
    const body = { baseVersion: data.version, changes: [{ part: 'profiles', id: 'building', value }], reason: 'everybody reads the board' };
    const changed = await gateway.api.post('/api/policy/data/changes', body, dataChangedSchema);
    expect((await signIn()).claims()?.sub).toBe('usr_ann');
    expect(await check()).toMatchObject({ state: 'works', person: { id: 'usr_ann' } });
    expect((await gateway.api.get('/api/status', statusSchema)).dataRevision).toBe(changed.dataRevision);
    expect((await gateway.cli('who-can', 'board')).stdout).toContain('Ann Example');
  });

  it('is there after a restart, with a new secret and the old one that is still valid', async () => {
    const rotated = await gateway.cli('apps', 'rotate-secret', 'board', '--keep-old', '3600', '--reason', 'yearly change', '--json');
    const { secret } = appWithSecretSchema.parse(JSON.parse(rotated.stdout));
    await gateway.stop();
    gateway = await startGateway(site.process);
    for (const one of [secret ?? '', made.secret ?? '']) expect((await signIn(one)).claims()?.sub).toBe('usr_ann');
    await gateway.cli('apps', 'rotate-secret', 'board', '--keep-old', '0', '--reason', 'it was seen');
    await expect(signIn()).rejects.toMatchObject({ status: 401 });
  });

  it('is changed by nobody whose role does not allow it', async () => {
    await consoleSignIn(gateway, ann).catch(() => undefined);
    const { status } = await ann.browser.call(`${gateway.url}/api/apps/board/remove`, { reason: 'why not' });
    expect([401, 403]).toContain(status);
  });

  it('is refused when it is removed, and no profile names it any more', async () => {
    expect((await gateway.cli('apps', 'remove', 'board', '--reason', 'nobody reads it')).code).toBe(0);
    await expect(signIn()).rejects.toThrow();
    const { parts } = await gateway.api.get('/api/policy/data', policyDataViewSchema);
    expect(parts.profiles['building']?.resources).toEqual([
      { kind: 'door', id: 'front' },
      { kind: 'app', id: 'wiki' },
    ]);
    expect((await gateway.cli('apps', 'remove', 'wiki', '--reason', 'of the file')).stderr).toContain('configuration file');
  });
});

describe('the keys of the identity provider on the command line', () => {
  it('are listed, and one is retired at once for another that was never there', async () => {
    const before = await gateway.api.get('/api/oidc', identityProviderSchema);
    const kid = before.keys.find(({ alg, state }) => alg === 'ES256' && state === 'signing')?.kid ?? '';
    expect((await gateway.cli('oidc', 'keys')).stdout).toContain(kid);
    const retired = await gateway.cli('oidc', 'retire-key', kid, '--reason', 'a backup was stolen');
    expect(retired.stdout).toContain('signs in its place');
    const after = await gateway.api.get('/api/oidc', identityProviderSchema);
    expect(after.keys.map((key) => key.kid)).not.toContain(kid);
    expect(after.keys.filter(({ state }) => state === 'signing')).toHaveLength(3);
    expect((await gateway.cli('oidc', 'retire-key', kid, '--reason', 'again')).code).toBe(1);
    expect((await gateway.cli('oidc', 'clients')).code).toBe(0);
  });
});
