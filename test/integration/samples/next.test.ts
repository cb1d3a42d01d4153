import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { suspendResultSchema } from '#gateway/http/contract/admin.ts';
import { startProgram, type ChildProgram } from '#test/support/child-programs.ts';
import { builtNextSample, NEXT_ENV, nextStart } from '#test/support/oidc/next-sample.ts';
import { hashOf } from '#test/support/oidc/flows.ts';
import { freePort, until } from '#test/support/running-gateway.ts';
import { confirmSignOut, enrolAt } from '#test/support/oidc/running-sign-in.ts';
import { startSampleSite, type SampleSite } from '#test/support/sample-site.ts';
import { presentPasskey, uidOf, type Enrolled } from '#test/support/oidc/sign-in.ts';

/* The sample as its README runs it: a production build of Next.js, in a process of its own, beside a whole gateway. */

const SECRET = 'sample-secret-of-no-worth';

let site: SampleSite;
let app = '';
let server: ChildProgram | undefined;

beforeAll(async () => {
  const folder = builtNextSample();
  const port = await freePort();
  app = `http://localhost:${String(port)}`;
  site = await startSampleSite({
    apps: [
      {
        id: 'wiki',
        name: 'Wiki',
        client_id: 'wiki',
        client_secret_sha256: hashOf(SECRET),
        redirect_uris: [`${app}/api/auth/callback/gatehouse`],
        post_logout_redirect_uris: [`${app}/`],
        backchannel_logout_uri: `${app}/backchannel-logout`,
      },
    ],
  });
  const settings = {
    AUTH_GATEHOUSE_ISSUER: `${site.gateway.url}/oidc`,
    AUTH_GATEHOUSE_ID: 'wiki',
    AUTH_GATEHOUSE_SECRET: SECRET,
    AUTH_SECRET: randomBytes(32).toString('hex'),
    AUTH_URL: app,
  };
  server = startProgram(process.execPath, nextStart(port), { cwd: folder, env: { ...NEXT_ENV, ...settings } });
  await until('the app answers', 60_000, async () => {
    if (server?.hasEnded()) throw new Error(`the app ended: ${server.output()}`);
    return fetch(app).then(
      (response) => (response.ok ? true : null),
      () => null,
    );
  });
});
afterAll(async () => {
  await server?.end();
  await site.close();
});

const home = async ({ browser }: Enrolled): Promise<string> => (await browser.request(`${app}/`)).text();

/** Presses the one button of the page, as a browser without scripts does. Returns where it leads. */
async function press({ browser }: Enrolled, page: string): Promise<string> {
  const form = new FormData();
  for (const [, name = '', value = ''] of page.matchAll(/<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g))
    form.set(name, value.replaceAll('&quot;', '"'));
  const response = await browser.request(`${app}/`, { method: 'POST', headers: { origin: app }, body: form });
  return response.headers.get('location') ?? '';
}

async function signIn(person: Enrolled) {
  const begun = await press(person, await home(person));
  const request = new URL(begun);
  const page = await person.browser.navigate(begun);
  const { body } = await presentPasskey({ publicUrl: site.gateway.url }, person, uidOf(page.url));
  return { request, ...(await person.browser.navigate(body.redirectTo)) };
}

it('signs a person in with PKCE, says who it is, and signs them out of the app and of Gatehouse', async () => {
  const ann = await enrolAt(site.gateway, site.staffId);
  expect(await home(ann)).toContain('Not signed in');
  const { request, response, url } = await signIn(ann);
  expect(Object.fromEntries(request.searchParams)).toMatchObject({ code_challenge_method: 'S256', scope: 'openid profile email groups' });
  expect([url.href, response?.status]).toEqual([`${app}/`, 200]);
  const page = await home(ann);
  expect(page).toContain('<h1>Person 0</h1>');
  expect(page).toContain(`You are ${site.staffId}, of team-0, everybody.`);
  // The ID token, which signs out, stays in the cookie that no script reads.
  const session = await (await ann.browser.request(`${app}/api/auth/session`)).text();
  expect(session).toContain(site.staffId);
  expect(session).not.toContain('eyJ');

  const asked = await ann.browser.navigate(await press(ann, page));
  expect(asked.url.pathname).toBe('/oidc/session/end');
  expect(await home(ann)).toContain('Not signed in');

  expect(await confirmSignOut(site.gateway, ann, asked.response)).toBe(`${app}/`);
  // The next sign-in asks for the passkey again.
  const again = await ann.browser.navigate(await press(ann, await home(ann)));
  expect(again.url.pathname).toMatch(/^\/signin\//);
});

it('tells a person who was refused why, and nobody else', async () => {
  const vic = await enrolAt(site.gateway, site.visitorId);
  const denied = await signIn(vic);
  expect(denied.url.pathname).toMatch(/^\/signin\//);
  const path = `${site.gateway.url}/api/interaction/${uidOf(denied.url)}/abort`;
  const { body } = await vic.browser.call<{ redirectTo: string }>(path, {});

  const end = await vic.browser.navigate(body.redirectTo);

  expect(await end.response?.text()).toMatch(/role="alert">Gatehouse did not let you in: access denied: grant\.missing \(\w+\)/);
  // Words that come without the state of a sign-in are nobody's.
  const forged = `${app}/api/auth/callback/gatehouse?error=access_denied&error_description=Call+0800+123&state=made-up`;
  const other = await enrolAt(site.gateway, site.staffId);
  const page = await other.browser.navigate(forged);
  const text = (await page.response?.text()) ?? '';
  expect(text).toContain('The sign-in did not come to its end.');
  expect(text).not.toContain('0800');
});

it('ends the app’s session within a second when the person is suspended, and takes no logout token that somebody made up', async () => {
  const ann = await enrolAt(site.gateway, site.staffId);
  await signIn(ann);
  expect(await home(ann)).toContain('<h1>Person 0</h1>');
  const body = new URLSearchParams({ logout_token: 'e30.e30.e30' });
  expect((await fetch(`${app}/backchannel-logout`, { method: 'POST', body })).status).toBe(400);
  expect(await home(ann)).toContain('<h1>Person 0</h1>');

  await site.gateway.api.post(`/api/people/${site.staffId}/suspend`, { reason: 'sample test' }, suspendResultSchema);

  await until('the app has forgotten the session', 1_000, async () => ((await home(ann)).includes('Not signed in') ? true : null));
});
