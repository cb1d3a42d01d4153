import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { addAuthenticator, launchConsoleBrowser, openWatchedPage } from '#test/support/console/browser.ts';
import { someClient, startHttpGateway } from '#test/support/http-gateway.ts';
import { closeServer, listenLater } from '#test/support/listen-later.ts';
import { personId, somePerson } from '#test/support/people.ts';

/* A page without a server of its own, with oidc-client-ts: a public client in Chromium. */

const UI_DIR = fileURLToPath(new URL('../../admin-ui/dist', import.meta.url));
const LIBRARY = readFileSync(
  join(dirname(createRequire(import.meta.url).resolve('oidc-client-ts/package.json')), 'dist/browser/oidc-client-ts.min.js'),
);

let browser: Browser;
beforeAll(async () => {
  browser = await launchConsoleBrowser();
});
afterAll(async () => {
  await browser?.close();
});

const pageOf = (issuer: string): string => `<!doctype html><title>App</title><h1 id="who">signed out</h1>
<button id="in">Sign in</button><button id="renew">Renew</button><button id="out">Sign out</button>
<script src="/oidc.js"></script>
<script>
const manager = new oidc.UserManager({
  authority: ${JSON.stringify(issuer)},
  client_id: 'spa',
  redirect_uri: location.origin + '/callback',
  post_logout_redirect_uri: location.origin + '/',
  scope: 'openid profile',
  loadUserInfo: true,
});
const show = (user) => { document.getElementById('who').textContent = user ? 'Hello, ' + user.profile.name : 'signed out'; };
const guarded = (work) => () => work().catch((error) => { document.getElementById('who').textContent = 'failed: ' + error.message; });
document.getElementById('in').onclick = guarded(() => manager.signinRedirect());
document.getElementById('renew').onclick = guarded(async () => {
  const user = await manager.signinSilent();
  document.getElementById('who').textContent = 'Renewed, ' + user.profile.name;
});
document.getElementById('out').onclick = guarded(() => manager.signoutRedirect());
if (location.pathname === '/callback') guarded(async () => show(await manager.signinRedirectCallback()))();
else manager.getUser().then(show);
</script>`;

it('signs in by redirect with PKCE, reads userinfo across origins, renews, and signs out', async () => {
  const listener = await listenLater();
  const app = listener.origin;
  const spa = someClient({ origin: app, clientId: 'spa', postLogoutRedirectUris: [`${app}/`] });
  const gateway = await startHttpGateway({ clients: [spa], uiDir: UI_DIR, logoutOrigins: [app] });
  listener.serve((request, response) => {
    const isLibrary = request.url === '/oidc.js';
    response.writeHead(200, { 'content-type': isLibrary ? 'text/javascript' : 'text/html' });
    response.end(isLibrary ? LIBRARY : pageOf(`${gateway.publicUrl}/oidc`));
  });
  await gateway.people.save(somePerson('ann'));
  try {
    const { page } = await openWatchedPage(await browser.newContext());
    await addAuthenticator(page);
    const { url } = await gateway.enrolment.offer({ personId: personId('ann'), operatorId: 'local' as PersonId });
    await page.goto(url);
    await page.getByRole('button', { name: 'Create passkey' }).click();
    await page.getByRole('heading', { name: 'Your passkey is ready' }).waitFor();

    await page.goto(app);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: /passkey/i }).click();
    await page.getByRole('heading', { name: 'Hello, Person ann' }).waitFor();
    await page.getByRole('button', { name: 'Renew' }).click();
    await page.getByRole('heading', { name: 'Renewed, Person ann' }).waitFor();
    expect(gateway.decisions.map(({ action }) => action)).toEqual(['app.login', 'token.refresh']);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'signed out' }).waitFor();
    expect(await gateway.liveSessions.ofPerson(personId('ann'))).toEqual([]);
  } finally {
    await closeServer(listener.server);
    await gateway.close();
  }
});
