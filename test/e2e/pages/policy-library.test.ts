import { beforeEach, describe, it } from 'vitest';
import { ada } from '#test/support/console/operators.ts';
import { LIBRARY, usePolicyDataPages } from '#test/support/console/policy-data-pages.ts';

const { ui, dialog, region, review, save } = usePolicyDataPages();

beforeEach(() => {
  ui.api.state.operator = ada;
});
describe('the library', () => {
  it('sets a policy up with its figures, switches it off, and says what it says', async () => {
    await ui.open(LIBRARY);
    await ui.button('Set up On-site required').click();
    await dialog()
      .getByLabel(/^Payroll/)
      .check();
    await dialog().getByLabel('Oldest that counts, seconds').fill('28800');
    await dialog().getByText('That is 8 hours.').waitFor();
    await dialog().getByLabel('Oldest that counts, seconds').fill('700000');
    await dialog().getByRole('button', { name: 'See what it changes' }).click();
    await dialog().getByText('Give a whole number of 0 to 604800 seconds.').waitFor();
    await dialog().getByLabel('Oldest that counts, seconds').fill('28800');
    await review();
    await save();
    const card = region('On-site required');
    await card.getByText('Payroll', { exact: true }).waitFor();
    await card.getByText('What it says when it denies').click();
    await card.getByText('presence.off_site').waitFor();
    await card.getByRole('button', { name: 'Switch off' }).click();
    await dialog().getByText('enabled', { exact: true }).first().waitFor();
    await save();
    await card.getByRole('button', { name: 'Switch on' }).waitFor();
  });

  it('asks for a schedule where a policy needs one', async () => {
    await ui.open(LIBRARY);
    await ui.button('Set up After hours').click();
    await dialog().getByRole('button', { name: 'See what it changes' }).click();
    await dialog().getByText('Choose a schedule.').waitFor();
    await dialog().getByLabel('Schedule').selectOption('nights');
    await dialog().getByLabel('Everywhere').check();
    await review();
  });
});
