import { execFile } from 'node:child_process';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { OidcClient } from 'oidc-client-ts';
import * as client from 'openid-client';
import { afterEach, expect, it } from 'vitest';
import type { AppSettings } from '#gateway/http/contract/apps.ts';
import { addApp, configure, liveCheck, startAppRig, type AppRig } from '#test/support/oidc/app-rig.ts';
import { startProgram } from '#test/support/child-programs.ts';
import { APP_ORIGIN } from '#test/support/oidc/client.ts';
import { passThrough, startRequest } from '#test/support/oidc/flows.ts';
import { freePort, until } from '#test/support/running-gateway.ts';
import { presentPasskey, uidOf } from '#test/support/oidc/sign-in.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const run = promisify(execFile);
const NODE_MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

/** The files that the page shows for one client, with the secret in them. */
async function printed(rig: AppRig, app: { readonly id: string; readonly secret: string }, setting: string) {
  const { body } = await rig.call<AppSettings>(`/apps/${app.id}/settings`);
  const files = body.settings.find((one) => one.id === setting)?.files ?? [];
  return (name: string): string => (files.find((file) => file.name === name)?.text ?? '').replaceAll(body.placeholder, app.secret);
}

/** A folder of a project that has our packages. */
async function nodeFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  symlinkSync(NODE_MODULES, join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

it('give a program its token, in a shell and in Node, as they are printed', async () => {
  const rig = await startAppRig();
  cleanUp.push(() => rig.close());
  const { id, secret } = await addApp(rig, { kind: 'machine', redirectUris: [] });
  const textOf = await printed(rig, { id, secret }, 'machine');

  const shell = await run('bash', ['-c', textOf('Shell')]);
  expect(JSON.parse(shell.stdout)).toMatchObject({ token_type: 'Bearer' });
  expect(await liveCheck(rig, id)).toMatchObject({ state: 'works', person: null });

  const folder = await nodeFolder({ '.env': textOf('.env') });
  // Plain http is what the library refuses, and this gateway speaks.
  const program = textOf('token.mjs').replace(
    'GATEHOUSE_CLIENT_SECRET),\n',
    'GATEHOUSE_CLIENT_SECRET),\n  { execute: [client.allowInsecureRequests] },\n',
  );
  writeFileSync(join(folder, 'token.mjs'), `${program}console.log(typeof access_token);\n`);
  const node = await run(process.execPath, ['--env-file=.env', 'token.mjs'], { cwd: folder });
  expect(node.stdout).toBe('string\n');
});

it.each(['/callback', '/', '/login', '/logout'])(
  'sign people in and out with Express, as they are printed, with the way back at %s',
  async (path) => {
    const port = await freePort();
    const origin = `http://localhost:${String(port)}`;
    const rig = await startAppRig();
    cleanUp.push(() => rig.close());
    const app = await addApp(rig, { redirectUris: [`${origin}${path}`], postLogoutRedirectUris: [`${origin}/`] });
    const textOf = await printed(rig, app, 'express');
    for (const name of textOf('Shell').split(' ').slice(2)) expect(existsSync(join(NODE_MODULES, name.trim()))).toBe(true);
    const cwd = await nodeFolder({ '.env': textOf('.env'), 'app.mjs': textOf('app.mjs') });
    const program = startProgram(process.execPath, ['--env-file=.env', 'app.mjs'], { cwd });
    cleanUp.push(() => program.end());
    await until(`the app answers: ${program.output()}`, 30_000, async () => {
      if (program.hasEnded()) throw new Error(`the app ended: ${program.output()}`);
      return fetch(origin, { redirect: 'manual' }).then(
        () => true,
        () => null,
      );
    });

    const { browser } = rig.person;
    const page = await browser.navigate(`${origin}/`);
    const { body } = await presentPasskey(rig.gateway, rig.person, uidOf(page.url));
    const back = await browser.navigate(body.redirectTo);

    expect([back.url.href, await back.response?.text()]).toEqual([`${origin}/`, 'Hello Person ann']);
    expect(await liveCheck(rig, app.id)).toMatchObject({ state: 'works', person: { id: rig.person.personId } });
    const leaving = await browser.navigate(`${origin}/logout`);
    expect(leaving.url.href).toContain('/oidc/session/end?');
    expect((await browser.request(`${origin}/`)).headers.get('location')).toBe('/login');
  },
);

it('name no address of the provider that its discovery does not name', async () => {
  const rig = await startAppRig();
  cleanUp.push(() => rig.close());
  const issuer = `${rig.gateway.publicUrl}/oidc`;
  const discovery = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Readonly<Record<string, unknown>>;
  const known = new Set([issuer, `${issuer}/.well-known/openid-configuration`, ...Object.values(discovery)]);
  for (const kind of ['web', 'browser', 'native', 'machine'] as const) {
    const redirectUris = kind === 'machine' ? [] : ['http://localhost:8000/callback'];
    const { id } = await addApp(rig, { id: `app-${kind}`, kind, redirectUris });
    const { body } = await rig.call<AppSettings>(`/apps/${id}/settings`);
    const texts = body.settings.flatMap(({ files }) => files.map(({ text }) => text));
    const printed = texts.flatMap((text) => text.match(/http:\/\/localhost:\d+\/oidc[\w./-]*/g) ?? []);
    expect(printed.length).toBeGreaterThan(1);
    for (const address of printed) expect([...known]).toContain(address);
  }
});

it('sign people in with oidc-client-ts, as they are printed', async () => {
  const rig = await startAppRig();
  cleanUp.push(() => rig.close());
  const app = await addApp(rig, { kind: 'browser' });
  const textOf = await printed(rig, app, 'browser');
  // Of the library's parts the one that needs no window, with the settings that the other was given.
  const ends = `\nimport { OidcClient } from 'oidc-client-ts';\nexport const signIn = new OidcClient(users.settings);\n`;
  const folder = await nodeFolder({ 'users.mjs': `${textOf('users.ts')}${ends}` });
  const { signIn } = (await import(join(folder, 'users.mjs'))) as { readonly signIn: OidcClient };

  const request = await signIn.createSigninRequest({});
  const back = await passThrough(rig.gateway, rig.person, new URL(request.url));
  const answer = await signIn.processSigninResponse(back.href);

  expect(answer.profile.sub).toBe(rig.person.personId);
  expect(new URL(request.url).searchParams.get('code_challenge_method')).toBe('S256');
});

it('bring the claims that the API server of Kubernetes reads into the ID token, as kubelogin is told to ask', async () => {
  const rig = await startAppRig();
  cleanUp.push(() => rig.close());
  const app = await addApp(rig, { kind: 'native' });
  const kubeconfig = (await printed(rig, app, 'kubectl'))('kubeconfig');
  const scopes = [...kubeconfig.matchAll(/--oidc-extra-scope=(\w+)/g)].map(([, scope]) => scope);
  const [, claims = ''] = /extra-params=claims=(\{.*\})/.exec(kubeconfig) ?? [];
  const config = await configure(rig.gateway, app.clientId, client.None());
  const { checks, parameters } = await startRequest({ scope: ['openid', ...scopes].join(' '), claims });

  const back = await passThrough(rig.gateway, rig.person, client.buildAuthorizationUrl(config, parameters));
  const tokens = await client.authorizationCodeGrant(config, back, checks);

  expect(back.origin).toBe(APP_ORIGIN);
  expect(Object.keys(tokens.claims() ?? {})).toEqual(expect.arrayContaining(['email', 'groups']));
});
