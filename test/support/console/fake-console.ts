import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { launchConsoleBrowser, openWatchedPage, type WatchedPage } from './browser.ts';
import { startConsoleFakeApi, type ConsoleFakeApi } from './fake-api.ts';

const DEFAULT_TIMEOUT_MS = 15_000;

/** The console in a browser over an API that a test tells what to say. One page and one API for each test. */
export interface FakeConsole {
  readonly browser: Browser;
  readonly api: ConsoleFakeApi;
  readonly page: Page;
  /** Whatever stands here at the end of a test fails it: one that breaks a page on purpose takes it away. */
  readonly complaints: string[];
  open(path: string): Promise<unknown>;
  /** Waits until the page shows it. */
  text(wanted: string | RegExp): Promise<void>;
  button(name: string | RegExp): Locator;
  heading(name: string): Promise<void>;
  /** Waits until the status line says that the live connection stands. */
  connected(): Promise<void>;
}

/** Sets up and ends everything around each test of a file; every test also fails for a policy violation or an uncaught error in the page. */
export function useFakeConsole(): FakeConsole {
  let browser: Browser;
  let api: ConsoleFakeApi;
  let watched: WatchedPage;
  beforeAll(async () => {
    browser = await launchConsoleBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    api = await startConsoleFakeApi();
    const context = await browser.newContext({
      viewport: { width: 1280, height: 860 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    watched = await openWatchedPage(context);
    watched.page.setDefaultTimeout(DEFAULT_TIMEOUT_MS);
  });
  afterEach(async () => {
    await watched.page.context().close();
    await api.close();
    expect(watched.complaints).toEqual([]);
  });
  return {
    get browser() {
      return browser;
    },
    get api() {
      return api;
    },
    get complaints() {
      return watched.complaints;
    },
    get page() {
      return watched.page;
    },
    open: (path) => watched.page.goto(api.origin + path),
    text: (wanted) => watched.page.getByText(wanted).first().waitFor(),
    button: (name) => watched.page.getByRole('button', { name }),
    heading: (name) => watched.page.getByRole('heading', { name, exact: true }).waitFor(),
    connected: () => watched.page.getByRole('contentinfo', { name: 'System status' }).getByText('Live', { exact: true }).waitFor(),
  };
}
