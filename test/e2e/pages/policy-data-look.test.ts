import { beforeEach, describe, it } from 'vitest';
import { expectAccessible, expectNothingSideways } from '#test/support/console/accessibility.ts';
import { ada } from '#test/support/console/operators.ts';
import { DATA, LIBRARY, usePolicyDataPages } from '#test/support/console/policy-data-pages.ts';

const { ui, dialog } = usePolicyDataPages();

const VIEWS = ['grants', 'profiles', 'schedules', 'holidays', 'areas', 'exceptions', 'history'].map((part) => `${DATA}?part=${part}`);

describe('in light and dark at 390 px', () => {
  const check = async (): Promise<void> => {
    await expectAccessible(ui.page);
    await expectNothingSideways(ui.page);
  };

  beforeEach(async () => {
    ui.api.state.operator = ada;
    await ui.page.setViewportSize({ width: 390, height: 800 });
    ui.api.policyData.saveAs('usr_chi', [{ part: 'threats', id: 'site:hq', value: { level: 3, untilMs: null, note: 'a drill' } }], 'drill');
  });

  it.each([...VIEWS, LIBRARY])('%s is accessible and fits', async (path) => {
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
  ])('%s: the dialog of %s is so too', async (path, name) => {
    await ui.open(path);
    await ui.button(name).click();
    await dialog().waitFor();
    await check();
  });
});
