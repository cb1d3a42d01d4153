import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectAccessible, expectNothingSideways } from '#test/support/console/accessibility.ts';
import { launchConsoleBrowser, openWatchedPage } from '#test/support/console/browser.ts';
import { startHttpGateway, type HttpGateway } from '#test/support/http-gateway.ts';

const PHONE = { width: 380, height: 800 };

let browser: Browser;
let gateway: HttpGateway;
beforeAll(async () => {
  browser = await launchConsoleBrowser();
  gateway = await startHttpGateway({ clients: [] });
});
afterAll(async () => {
  await gateway.close();
  await browser.close();
});

it('reads well on a phone in light and dark, and finds an address', async () => {
  const context = await browser.newContext({ viewport: PHONE });
  const { complaints, page } = await openWatchedPage(context);
  await page.goto(`${gateway.publicUrl}/docs`);
  await expectNothingSideways(page);

  await page.getByLabel('Find').fill('/suspend');
  await page.getByText('/api/people/{id}/suspend').click();
  expect(await page.locator('details[open]').getByText('Operators: a session of the console').isVisible()).toBe(true);
  expect(await page.getByRole('status').textContent()).toBe('1 found');
  await expectAccessible(page);
  expect(complaints).toEqual([]);
  await context.close();
});
