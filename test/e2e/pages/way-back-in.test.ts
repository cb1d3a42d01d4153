import { expect, it } from 'vitest';
import { ada } from '#test/support/console/operators.ts';
import { useFakeConsole } from '#test/support/console/fake-console.ts';

const ui = useFakeConsole();

it('gives whoever badged at the front desk a way back in, and says what stayed open', async () => {
  ui.api.state.operator = ada;
  ui.api.state.actions = [...ui.api.state.actions, 'person.recover'];
  await ui.open('/console/people');
  expect(await ui.page.getByText('At a staffed reader').count()).toBe(0);
  const [atMs, untilMs] = [Date.now() - 20_000, Date.now() + 280_000];
  const badge = { personId: 'usr_ben', displayName: 'Ben Alvarez', reader: 'Main entrance', site: 'Berlin', atMs, untilMs, passkeys: 2 };
  ui.api.recovery.badges = [badge];
  await ui.text(/Main entrance, Berlin/);
  await ui.button('Way back in for Ben Alvarez').click();
  await ui.button('Make the code').click();
  await ui.text('Give a reason of 3 to 500 characters.');
  await ui.page.getByLabel('Reason').fill('phone fell into the river');
  await ui.button('Make the code').click();
  await ui.text('ABCD-EFGH-JKMN-PQRS');
  await ui.text(/2 old passkeys are blocked\. Not everything could be closed: apps did not confirm\./);
  await ui.text('dec_recovery');
  expect(ui.api.recovery.asked).toEqual([{ evidence: 'badge', oldPasskeys: 'revoke', reason: 'phone fell into the river' }]);
  await ui.button('Done').click();
  await ui.open('/console/people/usr_ben');
  await ui.button('Way back in').click();
  await ui.page.getByLabel('Who they are').selectOption('admin');
  await ui.page.getByLabel('Their old passkeys').selectOption('keep');
  await ui.page.getByLabel('Reason').fill('known for years');
  await ui.button('Make the code').click();
  await ui.text('ABCD-EFGH-JKMN-PQRS');
  expect(ui.api.recovery.asked.at(-1)).toMatchObject({ evidence: 'admin', oldPasskeys: 'keep' });
});
