import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { enrolmentLinkSchema } from '#gateway/http/contract/admin.ts';
import { demoSchema } from '#gateway/http/contract/demo.ts';
import { addAuthenticator, launchConsoleBrowser, openWatchedPage, type WatchedPage } from '#test/support/console/browser.ts';
import { freePort, startGateway, type RunningGateway } from '#test/support/running-gateway.ts';

/*
 * Nina, an employee of the demo site, in one browser: the whole gateway, its shipped policy, a real app. Her laptop's passkey goes and a
 * key that she plugs in stays.
 */
const EMPLOYEE = 'usr_nina';
const SLOW_MS = 300;

let dataDir: string;
let gateway: RunningGateway;
let browser: Browser;
let watched: WatchedPage;
let nina: Page;
let wiki: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-portal-'));
  gateway = await startGateway({ dataDir, port: await freePort() });
  const { apps } = await gateway.api.get('/api/demo', demoSchema);
  wiki = apps.find(({ id }) => id === 'wiki')?.url ?? expect.fail('no wiki');
  browser = await launchConsoleBrowser();
  watched = await openWatchedPage(await browser.newContext({ locale: 'en-GB' }));
  nina = watched.page;
});
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const row = (text: string) => nina.getByRole('main').getByRole('listitem').filter({ hasText: text });
const said = (text: string | RegExp) => nina.getByRole('status').filter({ hasText: text }).waitFor();
const open = (name: string) => nina.getByRole('navigation', { name: 'My access' }).getByRole('link', { name }).click();
let takeLaptopAway: () => Promise<void>;

it('signs in, and reads that all is well but for the one passkey', async () => {
  takeLaptopAway = await addAuthenticator(nina);
  const { url } = await gateway.api.post(`/api/people/${EMPLOYEE}/enrolment`, {}, enrolmentLinkSchema);
  await nina.goto(url);
  await nina.getByRole('button', { name: 'Create passkey' }).click();
  await nina.getByRole('link', { name: 'See my access' }).click();
  await nina.getByRole('button', { name: 'Continue with passkey' }).click();
  await nina.getByRole('heading', { name: 'Hello, Nina Costa' }).waitFor();
  await nina.getByText('Your access is active.').waitFor();
  await nina.getByText('You have only one passkey.').waitFor();
});

it('adds a second passkey, names it, and removes the first', async () => {
  await takeLaptopAway();
  await addAuthenticator(nina, { transport: 'usb' });
  await open('Passkeys');
  await nina.getByRole('button', { name: 'Add a passkey' }).click();
  await nina.getByRole('textbox', { name: 'Name' }).fill('Desk key');
  await nina.getByRole('button', { name: 'Create passkey' }).click();
  await said('“Desk key” was added.');
  await row('Desk key').getByText('Security key').waitFor();
  await row('This session')
    .getByRole('button', { name: /^Remove/ })
    .click();
  await nina.getByRole('dialog').getByText('I do not use it any more').click();
  await nina.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  // Her own session began with it, and goes on: she is asked for the key that is left when it counts.
  await said(/was removed\./);
  expect(await row('Desk key').count()).toBe(1);
  expect(await nina.getByRole('button', { name: /^Remove/ }).count()).toBe(1);
});

it('closes the session of an app', async () => {
  await nina.goto(wiki);
  await nina.getByRole('button', { name: 'Sign in with Gatehouse' }).click();
  await nina.getByRole('button', { name: 'Continue with passkey' }).click();
  await nina.getByRole('heading', { name: 'Hello, Nina Costa' }).waitFor();
  await nina.goto(`${gateway.url}/me/sessions`);
  await row('Wiki').waitFor();
  // The list comes late, and the word that it is done is not said before.
  await nina.route('**/api/me/sessions', async (route) => {
    await setTimeout(SLOW_MS);
    await route.continue();
  });
  await row('Wiki').getByRole('button', { name: 'Close: Wiki' }).click();
  await said('1 session was closed.');
  expect(await row('Wiki').count()).toBe(0);
  await nina.unroute('**/api/me/sessions');
  await nina.goto(wiki);
  await nina.getByRole('button', { name: 'Sign in again' }).waitFor();
});

it('reads why a system is closed, in the language that she chooses, and keeps it', async () => {
  await nina.goto(`${gateway.url}/me/access`);
  await row('Server console').getByText('Badge into Server room, Headquarters Berlin, then try again.').waitFor();
  await nina.getByRole('combobox', { name: 'Language' }).selectOption({ label: 'Deutsch' });
  await nina.getByRole('heading', { name: 'Türen und Apps' }).waitFor();
  await row('Server console').getByText('Halten Sie Ihren Ausweis an den Leser von „Server room“, Headquarters Berlin').waitFor();
  await nina.locator('html[lang=de]').waitFor();
  await nina.reload();
  await nina.getByRole('button', { name: 'Abmelden' }).click();
  await nina.getByRole('heading', { name: 'Anmelden, um Ihren Zugang zu sehen' }).waitFor();
});

it('signs in by the key that is left, elsewhere, and finds her language there', async () => {
  await nina.context().clearCookies();
  await nina.reload();
  await nina.getByRole('heading', { name: 'Sign in to see your access' }).waitFor();
  await nina.getByRole('button', { name: 'Continue with passkey' }).click();
  await nina.getByRole('heading', { name: 'Türen und Apps' }).waitFor();
  await nina.getByRole('link', { name: 'Mein Protokoll' }).click();
  await row('Passkey „Desk key“: hinzugefügt').waitFor();
  await row('Wiki').filter({ hasText: 'Freigegeben' }).first().waitFor();
  expect(watched.complaints).toEqual([]);
});
