import { expect, it } from 'vitest';
import { expectAccessible, expectNothingSideways, settled } from '#test/support/console/accessibility.ts';
import { ada } from '#test/support/console/operators.ts';
import { useFakeConsole } from '#test/support/console/fake-console.ts';

const ui = useFakeConsole();

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
async function expectStillWindow(): Promise<void> {
  await ui.page.setViewportSize({ width: 1280, height: 400 });
  await settled(ui.page);
  expect(await ui.page.evaluate<number>('document.scrollingElement.scrollHeight - window.innerHeight')).toBe(0);
}

it.each(pages)(
  '%s is accessible in light and dark, fits into 380 px, and does not scroll the window of the console',
  async (_name, path, ready) => {
    ui.api.state.operator = ada;
    const reasons = [{ code: 'policy.no_permit', message: 'No rule permits this.', remedy: 'Contact the security desk.' }];
    ui.api.state.interaction = { appName: 'Wiki', prompt: 'denied', denied: { decisionId: 'dec_1', reasons, atMs: Date.now() } };
    await ui.open(path);
    await ui.text(ready);
    await expectAccessible(ui.page);
    if (path.startsWith('/console')) await expectStillWindow();
    await ui.page.setViewportSize({ width: 380, height: 800 });
    await expectNothingSideways(ui.page);
  },
);
