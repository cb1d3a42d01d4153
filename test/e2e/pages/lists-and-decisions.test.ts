import { beforeEach, expect, it } from 'vitest';
import { ada } from '#test/support/console/operators.ts';
import { useFakeConsole } from '#test/support/console/fake-console.ts';

const ui = useFakeConsole();

beforeEach(() => {
  ui.api.state.operator = ada;
});

it('explains a decision: reasons with remedy, what followed, and the input', async () => {
  await ui.open('/console/decisions?effect=deny');
  await ui.page.getByRole('list', { name: 'Decisions' }).waitFor();
  expect(await ui.page.getByRole('listitem').filter({ hasText: 'Permit' }).count()).toBe(0);
  await ui.page
    .getByRole('listitem')
    .filter({ hasText: 'not badged into the area' })
    .getByRole('link', { name: 'Open the decision' })
    .click();
  await ui.text('Badge in at the area’s reader, then try again.');
  await ui.text('presence.required');
  await ui.text('minute_of_day');
});

it('shows loading, then an error that can be retried, then the list', async () => {
  ui.api.state.delaysMs.set('/api/doors', 400);
  await ui.open('/console/doors');
  await ui.page.getByRole('status', { name: 'Loading' }).waitFor();
  await ui.text('Main entrance');
  ui.api.state.errors.set('/api/people', { status: 500, code: 'store.unavailable', message: 'The facts could not be read.' });
  await ui.page.getByRole('link', { name: 'People' }).click();
  await ui.text('The facts could not be read.');
  ui.api.state.errors.clear();
  await ui.button('Try again').click();
  await ui.text('Ben Aalto');
});

it('shows empty lists as empty', async () => {
  ui.api.state.people = [];
  ui.api.state.doors = [];
  await ui.open('/console/people');
  await ui.text('Nobody is registered yet');
  await ui.page.getByRole('link', { name: 'Doors' }).click();
  await ui.text('No doors are configured');
});

it('explains a refusal with its decision', async () => {
  ui.api.state.errors.set('/api/people', {
    status: 403,
    code: 'operator.not_authorized',
    message: 'Your role does not allow this action.',
    decisionId: 'dec_77',
  });
  await ui.open('/console/people');
  await ui.text('Your role does not allow this action.');
  await ui.text('dec_77');
});
