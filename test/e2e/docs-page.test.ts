import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchConsoleBrowser, openWatchedPage } from '#test/support/console-browser.ts';
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

it.each(['light', 'dark'] as const)('reads well on a phone in %s, and finds an address', async (colorScheme) => {
  const context = await browser.newContext({ viewport: PHONE, colorScheme });
  const { complaints, page } = await openWatchedPage(context);
  await page.goto(`${gateway.publicUrl}/docs`);
  const widthPx: unknown = await page.evaluate('document.documentElement.scrollWidth');
  expect(widthPx).toBeLessThanOrEqual(PHONE.width);

  await page.getByLabel('Find').fill('/suspend');
  await page.getByText('/api/people/{id}/suspend').click();
  expect(await page.locator('details[open]').getByText('Operators: a session of the console').isVisible()).toBe(true);
  expect(await page.getByRole('status').textContent()).toBe('1 found');
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
  expect(violations.map(({ help, id, nodes }) => `${id}: ${help} ${nodes[0]?.html ?? ''}`)).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});
