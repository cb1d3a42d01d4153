import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrolmentLinkSchema } from '#gateway/http/contract/admin.ts';
import { expectAccessible, expectNothingSideways } from '#test/support/console/accessibility.ts';
import { addAuthenticator, launchConsoleBrowser, openWatchedPage, type WatchedPage } from '#test/support/console/browser.ts';
import { freePort, startGateway, until, type RunningGateway } from '#test/support/running-gateway.ts';

const NODE_MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
/** Where pictures of the pages go, to be looked at; nowhere if it is not set. */
const PICTURES = process.env['GATEHOUSE_TEST_PICTURES'];

let folder: string;
let gateway: RunningGateway;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
let visitor: Page;
let appPort: number;
let app: ChildProcess | null = null;

const region = (name: string) => page.getByRole('region', { name, exact: true });
const verdict = () => region('Live check').getByRole('status');

async function picture(name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

async function look(name: string): Promise<void> {
  await expectAccessible(page, { name, onLook: (colorScheme) => picture(`${name}-${colorScheme}`) });
  const wide = page.viewportSize() ?? expect.fail('the page has a size');
  await page.setViewportSize({ width: 380, height: 800 });
  await expectNothingSideways(page, name);
  await picture(`${name}-380`);
  await page.setViewportSize(wide);
}

/** The text of a file of the settings that the page shows now. */
const settingText = (name: string): Promise<string> => page.getByRole('region', { name, exact: true }).innerText();

/** Starts what was copied from the page, as its notes say. */
async function startApp(env: string): Promise<void> {
  writeFileSync(join(folder, 'app', '.env'), env);
  app = spawn(process.execPath, ['--env-file=.env', 'app.mjs'], { cwd: join(folder, 'app'), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  app.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  app.stderr?.on('data', (data: Buffer) => (output += data.toString()));
  await until(`the copied app listens: ${output}`, 30_000, () =>
    fetch(`http://localhost:${String(appPort)}/`, { redirect: 'manual' }).then(
      () => true,
      () => null,
    ),
  );
}

async function stopApp(): Promise<void> {
  const ending = app;
  app = null;
  if (ending === null || ending.exitCode !== null) return;
  const exited = once(ending, 'exit');
  ending.kill('SIGTERM');
  await exited;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-apps-'));
  appPort = await freePort();
  gateway = await startGateway({ dataDir: folder, port: await freePort() });
  browser = await launchConsoleBrowser();
  watched = await openWatchedPage(await browser.newContext({ viewport: { width: 1280, height: 900 } }));
  page = watched.page;
  await addAuthenticator(page);
  await page.goto(/http:\S+\/enrol#\S+/.exec(gateway.output())?.[0] ?? expect.fail('no link was printed'));
  await page.getByRole('button', { name: 'Create passkey' }).click();
  await page.getByRole('heading', { name: 'Your passkey is ready' }).waitFor();
  await page.goto(`${gateway.url}/console`);
  await page.getByRole('button', { name: 'Continue with passkey' }).click();
  await page.getByRole('list', { name: 'Live log' }).waitFor();
  visitor = await (await browser.newContext()).newPage();
  await addAuthenticator(visitor);
  const { url } = await gateway.api.post('/api/people/usr_nina/enrolment', {}, enrolmentLinkSchema);
  await visitor.goto(url);
  await visitor.getByRole('button', { name: 'Create passkey' }).click();
  await visitor.getByRole('heading', { name: 'Your passkey is ready' }).waitFor();
});

afterAll(async () => {
  await stopApp();
  await browser?.close();
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('an app, from the wizard to the first sign-in that works', () => {
  it('lists the apps of the configuration and shows the identity provider with its keys', async () => {
    await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Apps' }).click();
    await page.getByRole('link', { name: 'Wiki' }).waitFor();
    const provider = region('Identity provider');
    await provider.getByText(`${gateway.url}/oidc`, { exact: true }).waitFor();
    expect(await provider.getByText('Signs', { exact: true }).count()).toBe(3);
    await look('apps');
  });

  it('asks for kind, name, addresses and access, and says at the field what is wrong', async () => {
    await page.getByRole('link', { name: 'Add an app' }).click();
    await look('wizard-kind');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Notice board');
    expect(await page.getByLabel('Id', { exact: true }).inputValue()).toBe('notice-board');
    await page.getByLabel('Redirect URIs').fill('https://*.example.com/callback');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Line 1 has a wildcard: write out each address.').waitFor();
    await look('wizard-addresses');
    await page.getByLabel('Redirect URIs').fill(`http://localhost:${String(appPort)}/callback`);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByLabel(/^Everyday work/).check();
    await page.getByLabel('Reason').fill('the new notice board');
    await look('wizard-access');
    await page.getByRole('button', { name: 'Add the app' }).click();
    await verdict().getByText('Waiting for the app').waitFor();
    await page.getByText('The secret is shown this once.').waitFor();
    await page.getByLabel('For', { exact: true }).selectOption('express');
    await look('wizard-result');
  });

  it('watches the copied app, names what is wrong, and at last who signed in', async () => {
    const [env, program] = [await settingText('.env'), await settingText('app.mjs')];
    mkdirSync(join(folder, 'app'));
    symlinkSync(NODE_MODULES, join(folder, 'app', 'node_modules'));
    writeFileSync(join(folder, 'app', 'app.mjs'), program);
    const appUrl = `http://localhost:${String(appPort)}`;

    await startApp(env.replace(`APP_URL=${appUrl}`, `APP_URL=http://127.0.0.1:${String(appPort)}`));
    await visitor.goto(`http://127.0.0.1:${String(appPort)}/`);
    await verdict().getByText('The redirect URI differs').waitFor();
    expect(await verdict().innerText()).toContain('They differ by the host.');
    await look('check-redirect');
    await stopApp();

    await startApp(env.replace(/(GATEHOUSE_CLIENT_SECRET=).*/, '$1not-the-secret'));
    await visitor.goto(`${appUrl}/`);
    await visitor.getByRole('button', { name: 'Continue with passkey' }).click();
    await verdict().getByText('The client secret is wrong').waitFor();
    await stopApp();

    await startApp(env);
    await visitor.goto(`${appUrl}/`);
    await visitor.getByText('Hello Nina Costa').waitFor();
    await verdict()
      .getByText(/^It works: Nina Costa signed in at /)
      .waitFor();
    await look('check-works');
  });

  it('shows the app with its last sign-ins and who can use it, and removes it, which the app notices', async () => {
    await page.getByRole('link', { name: 'Go to the app’s page' }).click();
    await page.getByRole('heading', { name: 'Notice board', level: 1 }).waitFor();
    await region('Recently at this app').getByRole('link', { name: 'Nina Costa' }).first().waitFor();
    await region('Who can sign in now').getByRole('button', { name: 'Ask the policy' }).click();
    await region('Who can sign in now').getByRole('link', { name: 'Nina Costa' }).waitFor();
    await look('app');
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('the board is gone');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the app' }).click();
    await page.getByRole('heading', { name: 'Apps', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Notice board' }).waitFor({ state: 'detached' });
    await visitor.goto(`http://localhost:${String(appPort)}/login`);
    await visitor.getByText('client is invalid').waitFor();
    expect(watched.complaints).toEqual([]);
  });
});
