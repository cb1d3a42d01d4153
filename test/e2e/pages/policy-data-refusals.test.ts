import { beforeEach, describe, expect, it } from 'vitest';
import { ada } from '#test/support/console/operators.ts';
import { DATA, LIBRARY, usePolicyDataPages } from '#test/support/console/policy-data-pages.ts';

const { ui, dialog, region, review } = usePolicyDataPages();

beforeEach(() => {
  ui.api.state.operator = ada;
});
describe('what only the gateway can know', () => {
  it('is said at the field, in the form as it was filled in', async () => {
    const message = 'changes.0.value.schedule: names no schedule';
    ui.api.state.errors.set('/api/policy/data/preview', {
      status: 400,
      code: 'request.invalid',
      message,
      field: 'changes.0.value.schedule',
    });
    await ui.open(DATA);
    await ui.button('New grant').click();
    await dialog().getByLabel('Access profile').selectOption('servers');
    await dialog().getByLabel('Group').fill('movers');
    await dialog().getByRole('button', { name: 'See what it changes' }).click();
    await dialog().getByText('This names no schedule').waitFor();
    expect(await dialog().getByLabel('Schedule').getAttribute('aria-invalid')).toBe('true');
    expect(await dialog().getByLabel('Group').inputValue()).toBe('movers');
  });

  it('is no conflict when nobody else has saved: that it changes nothing', async () => {
    ui.api.state.errors.set('/api/policy/data/preview', { status: 409, code: 'request.conflict', message: 'This changes nothing.' });
    await ui.open(`${DATA}?part=areas`);
    await ui.button('Edit Server room').click();
    await dialog().getByRole('button', { name: 'See what it changes' }).click();
    await dialog().getByRole('alert').getByText('This changes nothing.').waitFor();
    expect(await dialog().getByText('Somebody else').count()).toBe(0);
  });
});

describe('an operator without the right', () => {
  it('sees everything and is offered no change', async () => {
    ui.api.policyData.may = { edit: false, open: false, raiseThreat: false };
    await ui.open(DATA);
    await ui.text('Your role does not change it.');
    await region('As the policy sees it').waitFor();
    for (const name of ['New grant', 'Raise the threat level', /^Edit /, /^Remove /]) expect(await ui.button(name).count()).toBe(0);
  });

  it('may tighten without being able to open', async () => {
    ui.api.policyData.may = { edit: true, open: false, raiseThreat: true };
    await ui.open(DATA);
    await ui.button('Remove Server operations of usr_ben').click();
    await dialog().getByLabel('Reason').waitFor();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await ui.button('New grant').click();
    await dialog().getByLabel('Access profile').selectOption('servers');
    await dialog().getByLabel('Group').fill('anybody');
    await review();
    await dialog().getByText('Your role does not allow that.').waitFor();
    expect(await dialog().getByRole('button', { name: 'Open it' }).count()).toBe(0);
  });

  it('is told the decision to quote when it is refused all the same', async () => {
    const denied = { status: 403, code: 'operator.not_authorized', message: 'Your role does not allow this action.', decisionId: 'dec_no' };
    ui.api.state.errors.set('/api/policy/data/changes', denied);
    await ui.open(`${DATA}?part=areas`);
    await ui.button('Edit Open office').click();
    await review();
    await dialog().getByLabel('Reason').fill('trying it');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByRole('alert').getByText('Your role does not allow this action.').waitFor();
    await dialog().getByText('dec_no').waitFor();
  });
});

describe('when it cannot be read', () => {
  it.each([DATA, LIBRARY])('%s says so, and reads again when asked', async (path) => {
    ui.api.state.errors.set('/api/policy/data', { status: 503, code: 'store.unavailable', message: 'The store does not answer.' });
    await ui.open(path);
    await ui.page.getByRole('alert').getByText('The store does not answer.').first().waitFor();
    ui.api.state.errors.clear();
    await ui.button('Try again').first().click();
    await region(path === DATA ? 'Grants' : 'On-site required').waitFor();
  });
});
