import { describe, expect, it } from 'vitest';
import { expectAccessible, expectNothingSideways } from '#test/support/console/accessibility.ts';
import { useFakeConsole, type FakeConsole } from '#test/support/console/fake-console.ts';
import { addAuthenticator } from '#test/support/console/browser.ts';

const ui = useFakeConsole();

const LANGUAGES = [
  ['en', 'English'],
  ['de', 'Deutsch'],
  ['es', 'Español'],
] as const;

/** What is cut off or torn: text wider than what holds it. */
const TORN =
  "[...document.querySelectorAll('a, button, h1, h2, label, legend')].filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1).map((element) => element.textContent)";
/** Words that are broken where no hyphen is. */
const TORN_WORDS = `[...document.querySelectorAll('a, button, h1, h2, label, legend')].flatMap((element) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const torn = [];
  while (walker.nextNode()) {
    for (const { 0: word, index } of walker.currentNode.data.matchAll(/[^\\s-]+/g)) {
      const range = document.createRange();
      range.setStart(walker.currentNode, index);
      range.setEnd(walker.currentNode, index + word.length);
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) torn.push(word);
    }
  }
  return torn;
})`;
const HAS_SHIFTED = `(globalThis.shifts = 0, new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shifts += entry.value;
}).observe({ type: 'layout-shift', buffered: true }))`;
/** Below 0.1 is good by the Web Vitals; a page of cards and lists does better. */
const SHIFT_MAX = 0.05;

type Prepare = (api: FakeConsole['api']) => void | Promise<void>;

interface Shown {
  readonly name: string;
  readonly path: string;
  readonly prepare?: Prepare;
  /** What leads from the page to what is looked at. */
  readonly act?: () => Promise<unknown>;
}

const denied = {
  decisionId: 'dec_1',
  reasons: [
    { code: 'network.elsewhere', message: 'This system is not available from this network.', remedy: 'Connect to a site network.' },
  ],
  atMs: Date.now(),
};
const interaction =
  (prompt: 'login' | 'hardware_key' | 'badge' | 'denied'): Prepare =>
  ({ state }) => {
    state.interaction = { appName: 'Server console', prompt, denied: prompt === 'denied' ? denied : null };
  };
const signedIn: Prepare = ({ portal }) => {
  portal.isSignedIn = true;
};
const button = (index: number) => () => ui.page.locator('main button').nth(index).click();
const withPasskey = async () => {
  await addAuthenticator(ui.page);
  await ui.open(`/enrol#token=${'k'.repeat(32)}`);
  await ui.page.locator('main button').click();
  await ui.page.locator('main a').first().waitFor();
};
const askForCode = async () => {
  await ui.open('/vpn');
  await ui.page.locator('main button').click();
  await ui.page.locator('main code, main dl').first().waitFor();
};

const pages: readonly Shown[] = [
  { name: 'the start', path: '/' },
  { name: 'the sign-in', path: '/signin/abc', prepare: interaction('login') },
  { name: 'a wish for a key', path: '/signin/abc', prepare: interaction('hardware_key') },
  { name: 'a wish for a badge', path: '/signin/abc', prepare: interaction('badge') },
  { name: 'a denial', path: '/signin/abc', prepare: interaction('denied') },
  {
    name: 'an expired sign-in',
    path: '/signin/abc',
    prepare: ({ state }) => {
      state.interaction = null;
    },
  },
  { name: 'an enrolment', path: `/enrol#token=${'k'.repeat(32)}` },
  { name: 'a dead link', path: '/enrol' },
  { name: 'a recovery code', path: '/recover', act: () => ui.page.locator('main button').click() },
  { name: 'the VPN', path: '/vpn' },
  { name: 'a code for the VPN', path: '/vpn', prepare: withPasskey, act: askForCode },
  { name: 'a VPN that waits', path: '/vpn/approve/abc' },
  { name: 'the sign-in to the portal', path: '/me' },
  { name: 'the overview', path: '/me', prepare: signedIn },
  {
    name: 'an overview that warns',
    path: '/me',
    prepare: ({ portal }) => {
      const log = portal.log.filter(({ kind }) => kind !== 'decision');
      Object.assign(portal, {
        isSignedIn: true,
        isLogEndless: true,
        log,
        passkeys: [],
        recovery: { registered: false, from: 'nobody', places: [] },
      });
    },
  },
  { name: 'passkeys', path: '/me/passkeys', prepare: signedIn },
  { name: 'a new passkey', path: '/me/passkeys', prepare: signedIn, act: button(0) },
  { name: 'the end of a passkey', path: '/me/passkeys', prepare: signedIn, act: button(2) },
  { name: 'sessions', path: '/me/sessions', prepare: signedIn },
  { name: 'the end of sessions', path: '/me/sessions', prepare: signedIn, act: button(0) },
  { name: 'access', path: '/me/access', prepare: signedIn },
  { name: 'the log', path: '/me/log', prepare: signedIn },
  { name: 'recovery', path: '/me/recovery', prepare: signedIn },
  { name: 'a face code', path: '/me/face', prepare: signedIn },
];

/** One load each: the language and the colours change while the page is open, as they do for people. */
describe('in three languages, light and dark, wide and at 360 px', () => {
  it.each(pages)('$name is accessible, fits, and does not jump', async ({ act, path, prepare }) => {
    await prepare?.(ui.api);
    await ui.page.addInitScript(HAS_SHIFTED);
    await ui.page.emulateMedia({ reducedMotion: 'reduce' });
    await ui.open(path);
    await ui.page.locator('h1').waitFor();
    await ui.page.waitForLoadState('networkidle');
    expect(await ui.page.evaluate<number>('globalThis.shifts')).toBeLessThan(SHIFT_MAX);
    const texts = new Set<string>();
    for (const [language, name] of LANGUAGES) {
      await ui.page.setViewportSize({ width: 1280, height: 860 });
      await chooseLanguage(name);
      await ui.page.locator(`html[lang=${language}]`).waitFor();
      if (act !== undefined) await act();
      texts.add((await ui.page.locator('main, dialog').allInnerTexts()).join(' '));
      // Colours have no language: the dark ones are looked at once.
      await expectAccessible(ui.page, { name: language, colorSchemes: language === 'en' ? ['dark', 'light'] : ['light'] });
      await ui.page.setViewportSize({ width: 360, height: 800 });
      await expectNothingSideways(ui.page, language);
      expect(await ui.page.evaluate<string[]>(TORN), language).toEqual([]);
      expect(await ui.page.evaluate<string[]>(TORN_WORDS), language).toEqual([]);
      if (path.startsWith('/me/') && act !== undefined) await ui.page.keyboard.press('Escape');
    }
    expect(texts.size, 'three languages').toBe(3);
  });
});

async function chooseLanguage(name: string): Promise<void> {
  await ui.page.getByRole('combobox', { name: /^(Language|Sprache|Idioma)$/ }).selectOption({ label: name });
}
