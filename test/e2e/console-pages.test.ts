import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildIfStale } from '#admin-ui/build-if-stale.ts';
import { launchConsoleBrowser, openWatchedPage, type WatchedPage } from '#test/support/console-browser.ts';
import { startConsoleFakeApi, type ConsoleFakeApi } from '#test/support/console-fake-api.ts';

const ada = { id: 'usr_ada', displayName: 'Ada Okafor', roles: ['security_admin'] };

let browser: Browser;
let api: ConsoleFakeApi;
let watched: WatchedPage;
let page: Page;

const text = (wanted: string) => page.getByText(wanted).first().waitFor();
const open = (path: string) => page.goto(api.origin + path);

beforeAll(async () => {
  await buildIfStale();
  browser = await launchConsoleBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  api = await startConsoleFakeApi();
  watched = await openWatchedPage(await browser.newContext({ viewport: { width: 1280, height: 860 } }));
  ({ page } = watched);
  page.setDefaultTimeout(15_000);
});
afterEach(async () => {
  await page.context().close();
  await api.close();
  expect(watched.complaints).toEqual([]);
});

/** Run in the page, so kept as text: this program has no DOM types. */
const SIDEWAYS_EXCESS =
  "Math.max(...[document.documentElement, ...document.querySelectorAll('main, section, nav, footer')].map((element) => element.scrollWidth - element.clientWidth))";

const pages: readonly (readonly [name: string, path: string, ready: string])[] = [
  ['live', '/console', 'Harbour house'],
  ['doors', '/console/doors', 'Parts cage'],
  ['door', '/console/doors/dor_cage', 'Reader not answering'],
  ['people', '/console/people', 'Ben Aalto'],
  ['person', '/console/people/usr_dev', 'Server operations'],
  ['decisions', '/console/decisions', 'not badged into the area'],
  ['decision', '/console/decisions/dec_03', 'minute_of_day'],
  ['demo', '/demo', 'Main entrance'],
  ['denied', '/signin/abc', 'No rule permits this.'],
];

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  it.each(pages)('%s has no serious accessibility violation and no sideways scroll at 380 px', async (_name, path, ready) => {
    api.state.operator = ada;
    const reasons = [{ code: 'policy.no_permit', message: 'No rule permits this.', remedy: 'Contact the security desk.' }];
    api.state.interaction = { appName: 'Wiki', prompt: 'denied', denied: { decisionId: 'dec_1', reasons, atMs: Date.now() } };
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await open(path);
    await text(ready);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
    await page.setViewportSize({ width: 380, height: 800 });
    const excess = await page.evaluate<number>(SIDEWAYS_EXCESS);
    expect(excess).toBe(0);
  });
});
