import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { enrolmentLinkSchema } from '#gateway/http/contract/admin.ts';
import { demoSchema } from '#gateway/http/contract/demo.ts';
import { addAuthenticator, launchConsoleBrowser, openWatchedPage, type WatchedPage } from '#test/support/console/browser.ts';
import { freePort, startGateway, type RunningGateway } from '#test/support/running-gateway.ts';

/* Two people of the demo site at one browser, the whole gateway and a real app. */
const [FIRST, SECOND] = ['usr_grace', 'usr_nina'];

let dataDir: string;
let gateway: RunningGateway;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
let wiki: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-other-person-'));
  gateway = await startGateway({ dataDir, port: await freePort() });
  const { apps } = await gateway.api.get('/api/demo', demoSchema);
  wiki = apps.find(({ id }) => id === 'wiki')?.url ?? expect.fail('no wiki');
  browser = await launchConsoleBrowser();
  watched = await openWatchedPage(await browser.newContext({ locale: 'en-GB' }));
  page = watched.page;
});
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const button = (name: string) => page.getByRole('button', { name });

async function enrol(personId: string, transport: 'internal' | 'usb'): Promise<() => Promise<void>> {
  const takeAway = await addAuthenticator(page, { transport });
  const { url } = await gateway.api.post(`/api/people/${personId}/enrolment`, {}, enrolmentLinkSchema);
  await page.goto(url);
  await button('Create passkey').click();
  await page.getByRole('heading', { name: 'Your passkey is ready' }).waitFor();
  return takeAway;
}

/** Where the app's own button leads, with a wish that the button has not. */
async function signInAddress(): Promise<string> {
  const begun = await page.context().request.post(`${wiki}/sign-in`, { maxRedirects: 0, headers: { origin: wiki } });
  return `${begun.headers()['location'] ?? ''}&prompt=login`;
}

it('lets the second sign the first out at the app’s sign-in, and takes them on to the app', async () => {
  const takeFirstAway = await enrol(FIRST, 'internal');
  await page.goto(wiki);
  await button('Sign in with Gatehouse').click();
  await button('Continue with passkey').click();
  await page.getByRole('heading', { name: /^Hello, Grace/ }).waitFor();

  await takeFirstAway();
  await enrol(SECOND, 'usb');
  await page.goto(await signInAddress());
  await button('Confirm with passkey').click();
  await page.getByRole('alert').getByText('This browser is signed in as somebody else.').waitFor();
  await button('Sign out and continue').click();

  await page.getByRole('heading', { name: 'Hello, Nina Costa' }).waitFor();
  expect(page.url().startsWith(wiki)).toBe(true);
  expect(watched.complaints).toEqual([]);
});
