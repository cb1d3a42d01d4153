import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { useFakeConsole } from '#test/support/fake-console.ts';

const ada = { id: 'usr_ada', displayName: 'Ada Okafor', roles: ['security_admin'] };

const ui = useFakeConsole();

/** Run in the page, so kept as text: this program has no DOM types. */
const SIDEWAYS_EXCESS =
  "Math.max(...[document.documentElement, ...document.querySelectorAll('main, section, nav, footer')].map((element) => element.scrollWidth - element.clientWidth))";

const pages: readonly (readonly [name: string, path: string, ready: string])[] = [
  ['live', '/console', 'Harbour house'],
  ['doors', '/console/doors', 'Parts cage'],
  ['door', '/console/doors/dor_cage', 'Reader not answering'],
  ['readers', '/console/readers', 'secure channel with its own key'],
  ['reader', '/console/readers/dor_main_in', 'Nobody watches this line'],
  ['people', '/console/people', 'Ben Aalto'],
  ['person', '/console/people/usr_dev', 'Server operations'],
  ['decisions', '/console/decisions', 'not badged into the area'],
  ['decision', '/console/decisions/dec_03', 'minute_of_day'],
  ['demo', '/demo', 'Main entrance'],
  ['denied', '/signin/abc', 'No rule permits this.'],
];

/** The frame fills the window and its parts scroll: a page that scrolls as well ends in emptiness, with the navigation gone. */
it.each(pages.filter(([, path]) => path.startsWith('/console')))('%s does not scroll the window itself', async (_name, path, ready) => {
  ui.api.state.operator = ada;
  await ui.page.setViewportSize({ width: 1280, height: 400 });
  await ui.open(path);
  await ui.text(ready);
  expect(await ui.page.evaluate<number>('document.scrollingElement.scrollHeight - window.innerHeight')).toBe(0);
});

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  it.each(pages)('%s has no serious accessibility violation and no sideways scroll at 380 px', async (_name, path, ready) => {
    ui.api.state.operator = ada;
    const reasons = [{ code: 'policy.no_permit', message: 'No rule permits this.', remedy: 'Contact the security desk.' }];
    ui.api.state.interaction = { appName: 'Wiki', prompt: 'denied', denied: { decisionId: 'dec_1', reasons, atMs: Date.now() } };
    await ui.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await ui.open(path);
    await ui.text(ready);
    const { violations } = await new AxeBuilder({ page: ui.page }).analyze();
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
    await ui.page.setViewportSize({ width: 380, height: 800 });
    const excess = await ui.page.evaluate<number>(SIDEWAYS_EXCESS);
    expect(excess).toBe(0);
  });
});
