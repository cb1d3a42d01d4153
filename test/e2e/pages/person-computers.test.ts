import { expect, it } from 'vitest';
import { ada } from '#test/support/console/operators.ts';
import { useFakeConsole } from '#test/support/console/fake-console.ts';

const ui = useFakeConsole();

it('gives a person a code for their computer, shown once, and says what ended with one that is revoked', async () => {
  ui.api.state.operator = ada;
  await ui.open('/console/people/usr_dev');
  await ui.button('Computer code').click();
  await ui.button('Make the code').click();
  await ui.text('Give it a name of at most 100 characters.');
  await ui.page.getByLabel('What it is called').fill('Laptop');
  await ui.page.getByLabel('Reason').fill('a new laptop');
  await ui.button('Make the code').click();
  await ui.text(`gatehouse desk enrol ${ui.api.origin} ONE-TIME-CODE`);
  await ui.button('Done').click();
  expect(await ui.page.getByText('ONE-TIME-CODE').count()).toBe(0);

  await ui.page.getByText(/seen 4.* ago · Debian GNU\/Linux 13, firewall off, secure boot unknown, updated 75 days ago/).waitFor();
  await ui.button('Revoke Work laptop').click();
  await ui.page.getByLabel('Reason').fill('it was stolen');
  await ui.button(/^Revoke$/).click();
  await ui.text('1 session ended with it.');
  await ui.text('An app has not confirmed it');
  await ui.button('Done').click();
  await ui.button('Revoke Work laptop').waitFor({ state: 'detached' });
});
