import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { suspendResultSchema } from '#gateway/http/contract/admin.ts';
import { hashOf } from '#test/support/oidc/flows.ts';
import { enrolAt } from '#test/support/oidc/running-sign-in.ts';
import { freePort, until } from '#test/support/running-gateway.ts';
import { startSampleSite, type SampleSite } from '#test/support/sample-site.ts';
import { presentPasskey, uidOf, type Enrolled } from '#test/support/oidc/sign-in.ts';

/* The sample as its README runs it: a process of its own beside a whole gateway. */

const SECRET = 'sample-secret-of-no-worth';
const SAMPLE = fileURLToPath(new URL('../../samples/express/app.js', import.meta.url));

let site: SampleSite;
let app = '';
let stop: () => void = () => undefined;

beforeAll(async () => {
  const port = await freePort();
  app = `http://localhost:${String(port)}`;
  site = await startSampleSite({
    apps: [
      {
        id: 'wiki',
        name: 'Wiki',
        client_id: 'wiki',
        client_secret_sha256: hashOf(SECRET),
        redirect_uris: [`${app}/callback`],
        post_logout_redirect_uris: [`${app}/`],
        backchannel_logout_uri: `${app}/backchannel-logout`,
      },
    ],
  });
  const env = { ISSUER: `${site.gateway.url}/oidc`, CLIENT_ID: 'wiki', CLIENT_SECRET: SECRET, BASE_URL: app, PORT: String(port) };
  const child = fork(SAMPLE, { env: { ...process.env, ...env }, execArgv: [] });
  await once(child, 'message');
  stop = () => void child.kill();
});
afterAll(async () => {
  stop();
  await site.close();
});

const home = async ({ browser }: Enrolled): Promise<unknown> => (await browser.request(`${app}/`)).json();

async function signIn(person: Enrolled) {
  const page = await person.browser.navigate(`${app}/login`);
  const { body } = await presentPasskey({ publicUrl: site.gateway.url }, person, uidOf(page.url));
  return person.browser.navigate(body.redirectTo);
}

it('signs a person in and out, and ends the app’s session within a second when the person is suspended', async () => {
  const ann = await enrolAt(site.gateway, site.staffId);
  expect(await home(ann)).toEqual({ signedIn: false });
  await signIn(ann);
  expect(await home(ann)).toEqual({ signedIn: true, sub: site.staffId, name: 'Person 0', groups: ['team-0', 'everybody'] });

  const leaving = await ann.browser.navigate(`${app}/logout`);
  expect(leaving.url.pathname).toBe('/oidc/session/end');
  expect(await home(ann)).toEqual({ signedIn: false });

  await signIn(ann).catch(async () => ann.browser.navigate(`${app}/login`));
  expect(await home(ann)).toMatchObject({ signedIn: true });
  const { receipt } = await site.gateway.api.post(`/api/people/${site.staffId}/suspend`, { reason: 'sample test' }, suspendResultSchema);
  await until('the app has forgotten the session', 1_000, async () =>
    ((await home(ann)) as { signedIn: boolean }).signedIn ? null : true,
  );
  expect(receipt.targets.length).toBeGreaterThan(0);
});

it('tells the app why a person was refused', async () => {
  const vic = await enrolAt(site.gateway, site.visitorId);
  const denied = await signIn(vic);
  expect(denied.url.pathname).toMatch(/^\/signin\//);
  const path = `${site.gateway.url}/api/interaction/${uidOf(denied.url)}/abort`;
  const { body } = await vic.browser.call<{ redirectTo: string }>(path, {});

  const end = await vic.browser.navigate(body.redirectTo);

  expect(end.response?.status).toBe(403);
  expect(await end.response?.json()).toMatchObject({
    error: 'access_denied',
    description: expect.stringContaining('grant.missing') as string,
  });
  expect(await home(vic)).toEqual({ signedIn: false });
});

it('takes no logout token that somebody made up', async () => {
  const forged = await fetch(`${app}/backchannel-logout`, { method: 'POST', body: new URLSearchParams({ logout_token: 'e30.e30.e30' }) });
  expect(forged.status).toBe(400);
});
