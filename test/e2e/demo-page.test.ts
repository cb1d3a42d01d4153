import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildIfStale } from '#admin-ui/build-if-stale.ts';
import { launchConsoleBrowser, openWatchedPage, type WatchedPage } from '#test/support/console-browser.ts';
import { startConsoleFakeApi, type ConsoleFakeApi } from '#test/support/console-fake-api.ts';

let browser: Browser;
let api: ConsoleFakeApi;
let watched: WatchedPage;
let page: Page;

const text = (wanted: string | RegExp) => page.getByText(wanted).first().waitFor();
const button = (name: string | RegExp) => page.getByRole('button', { name });
const open = (path: string) => page.goto(api.origin + path);

beforeAll(async () => {
  await buildIfStale();
  browser = await launchConsoleBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  api = await startConsoleFakeApi();
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, permissions: ['clipboard-read', 'clipboard-write'] });
  watched = await openWatchedPage(context);
  ({ page } = watched);
  page.setDefaultTimeout(15_000);
});
afterEach(async () => {
  await page.context().close();
  await api.close();
  // Holds for every test of this file: no violation of the content security policy, no uncaught error.
  expect(watched.complaints).toEqual([]);
});

describe('the demo site', () => {
  it('badges at a simulated reader and shows the outcome with its reasons', async () => {
    await open('/');
    await page.getByRole('link', { name: 'Demo site' }).click();
    await page.getByLabel('Person', { exact: true }).selectOption('usr_dev');
    await page.getByRole('radio', { name: /Server room.*way in/ }).check();
    await button('Badge').click();
    await text('Your access is suspended, at doors and systems alike.');
  });

  it.each([
    ['1280 x 800', 1280, 800],
    ['380 x 700', 380, 700],
  ])('begins with an ordinary employee and shows what the reader answers without scrolling at %s', async (_size, width, height) => {
    await page.setViewportSize({ width, height });
    await open('/demo');
    await page.getByText('Ben Aalto').first().waitFor({ state: 'attached' });
    expect(await page.getByLabel('Person', { exact: true }).inputValue()).toBe('usr_ben');
    await button('Badge').click();
    const box = await page.getByText('Granted', { exact: true }).boundingBox();
    expect((box?.y ?? height) + (box?.height ?? 0)).toBeLessThan(height);
    expect(await page.evaluate<number>('window.scrollY')).toBe(0);
  });

  it('presses the exit button of a door that has one', async () => {
    await open('/demo');
    await button(/^Press exit button/)
      .first()
      .click();
    await text('Released');
    expect(api.requests).toContain('POST /api/demo/exit');
  });

  it('moves everybody to another network, says so above everything, and moves them back', async () => {
    await open('/demo');
    await page.getByRole('radio', { name: 'Elsewhere' }).check();
    await expect.poll(() => api.state.networkZone).toBe('elsewhere');
    await text('Everybody at this demo counts as outside the site networks');
    await button('Go by each address again').click();
    await expect.poll(() => api.state.networkZone).toBeNull();
    await page.getByText('Everybody at this demo counts').waitFor({ state: 'detached' });
  });

  it('is not there outside demo mode', async () => {
    api.state.demo = false;
    await open('/demo');
    await text('This gateway does not run the demo site');
  });
});
