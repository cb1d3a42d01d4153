import { AxeBuilder } from '@axe-core/playwright';
import { beforeEach, describe, expect, it } from 'vitest';
import { useFakeConsole } from '#test/support/fake-console.ts';

const DATA = '/console/policy/data';
const LIBRARY = '/console/policy/library';

const ui = useFakeConsole();
const dialog = () => ui.page.getByRole('dialog');

/** Run in the page, so kept as text: this program has no DOM types. */
const SIDEWAYS_EXCESS =
  "Math.max(...[document.documentElement, ...document.querySelectorAll('main, section, dialog')].map((element) => element.scrollWidth - element.clientWidth))";

const VIEWS = ['grants', 'profiles', 'schedules', 'holidays', 'areas', 'exceptions', 'history'].map((part) => `${DATA}?part=${part}`);

describe.each(['light', 'dark'] as const)('in %s at 390 px', (colorScheme) => {
  const check = async (): Promise<void> => {
    const { violations } = await new AxeBuilder({ page: ui.page }).analyze();
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
    expect(await ui.page.evaluate<number>(SIDEWAYS_EXCESS)).toBe(0);
  };

  beforeEach(async () => {
    ui.api.state.operator = { id: 'usr_ada', displayName: 'Ada Okafor', roles: ['security_admin'] };
    await ui.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await ui.page.setViewportSize({ width: 390, height: 800 });
    ui.api.policyData.saveAs('usr_chi', [{ part: 'threats', id: 'site:hq', value: { level: 3, untilMs: null, note: 'a drill' } }], 'drill');
  });

  it.each([...VIEWS, LIBRARY])('%s has no serious accessibility violation and no sideways scroll', async (path) => {
    await ui.open(path);
    await ui.page.getByRole('heading', { level: 2 }).first().waitFor();
    await ui.page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
    await check();
  });

  it.each([
    [`${DATA}?part=schedules`, 'New schedule'],
    [DATA, 'New grant'],
    [`${DATA}?part=profiles`, 'New profile'],
    [`${DATA}?part=exceptions`, 'New exception'],
    [DATA, 'Raise the threat level'],
    [LIBRARY, 'Set up Travel'],
  ])('%s: the dialog of %s neither', async (path, name) => {
    await ui.open(path);
    await ui.button(name).click();
    await dialog().waitFor();
    await check();
  });
});
