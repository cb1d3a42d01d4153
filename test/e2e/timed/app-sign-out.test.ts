import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRelyingParty } from '#gateway/demo/relying-party.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { addAuthenticator, launchConsoleBrowser, openWatchedPage } from '#test/support/console/browser.ts';
import { someClient, startHttpGateway } from '#test/support/http-gateway.ts';
import { closeServer, listenLater } from '#test/support/listen-later.ts';
import { personId, somePerson } from '#test/support/people.ts';

const SECRET = 'demo-secret';
const UI_DIR = fileURLToPath(new URL('../../../admin-ui/dist', import.meta.url));

let browser: Browser;
beforeAll(async () => {
  browser = await launchConsoleBrowser();
});
afterAll(async () => {
  await browser?.close();
});

async function start() {
  const listener = await listenLater();
  const app = listener.origin;
  const wiki = someClient({
    origin: app,
    clientSecretSha256: createHash('sha256').update(SECRET).digest('hex'),
    backchannelLogoutUri: `${app}/backchannel-logout`,
  });
  const gateway = await startHttpGateway({ clients: [wiki], uiDir: UI_DIR, logoutOrigins: [app] });
  const relyingParty = createRelyingParty({
    name: 'Wiki',
    description: 'Pages for everybody.',
    issuer: `${gateway.publicUrl}/oidc`,
    clientId: wiki.clientId,
    clientSecret: SECRET,
    baseUrl: app,
  });
  listener.serve(relyingParty.handle);
  await gateway.people.save(somePerson('ann'));
  const close = async (): Promise<void> => {
    relyingParty.close();
    await closeServer(listener.server);
    await gateway.close();
  };
  return { app, gateway, close };
}

it('signs in and out again under both content security policies, and notices an end from outside', async () => {
  const { app, gateway, close } = await start();
  const { page, complaints } = await openWatchedPage(await browser.newContext());
  await addAuthenticator(page);
  const { url } = await gateway.enrolment.offer({ personId: personId('ann'), operatorId: 'local' as PersonId });
  await page.goto(url);
  await page.getByRole('button', { name: 'Create passkey' }).click();
  await page.getByRole('heading', { name: 'Your passkey is ready' }).waitFor();

  await page.goto(app);
  await page.getByRole('button', { name: 'Sign in with Gatehouse' }).click();
  await page.getByRole('button', { name: /passkey/i }).click();
  await page.getByRole('heading', { name: 'Hello, Person ann' }).waitFor();
  await page.getByRole('button', { name: 'Check access now' }).click();
  await page.getByText('Access confirmed at').waitFor();

  // Confirms itself: the ID token proves who asks.
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  expect(page.url()).toBe(`${app}/`);
  expect(await gateway.liveSessions.ofPerson(personId('ann'))).toEqual([]);

  await page.getByRole('button', { name: 'Sign in with Gatehouse' }).click();
  await page.getByRole('button', { name: /passkey/i }).click();
  await page.getByRole('heading', { name: 'Hello, Person ann' }).waitFor();
  const endedAtMs = Date.now();
  await gateway.liveSessions.endAllOf(personId('ann'), 'subject.suspended');
  await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();

  expect(Date.now() - endedAtMs).toBeLessThan(1_000);
  await page.reload();
  await page.getByText('Your access is suspended, at doors and systems alike.').waitFor();
  await page.getByRole('button', { name: 'Sign in again' }).waitFor();
  expect(complaints).toEqual([]);
  await close();
});
