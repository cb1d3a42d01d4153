import { describe, expect, it } from 'vitest';
import { addAuthenticator } from '#test/support/console/browser.ts';
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

describe('a recovery code', () => {
  const field = () => ui.page.getByRole('textbox', { name: 'Recovery code' });
  const type = async (code: string) => {
    await field().fill(code);
    await ui.button('Continue').click();
  };

  it('that was mistyped is typed again, and the page speaks of the code', async () => {
    await addAuthenticator(ui.page);
    ui.api.state.enrolmentOpen = false;
    await ui.open('/signin/abc');
    await ui.page.getByRole('link', { name: 'I have lost my passkey' }).click();
    await ui.heading('Get back in');
    await type('ABCD-EFGH-JKMN-PQRT');
    await ui.text('This code does not work. Check each letter and digit');
    expect(await ui.page.getByText('link').count()).toBe(0);
    expect(await field().inputValue()).toBe('ABCD-EFGH-JKMN-PQRT');
    expect(await field().getAttribute('aria-invalid')).toBe('true');
    expect(await ui.page.evaluate<string>('document.activeElement.tagName')).toBe('INPUT');
    ui.api.state.enrolmentOpen = true;
    await type('ABCD-EFGH-JKMN-PQRS');
    await ui.text('This code works until');
    await ui.button('Create passkey').click();
    await ui.heading('Your passkey is ready');
  });

  it('is not called wrong when there were too many tries: the page says to wait, and keeps what was typed', async () => {
    ui.api.state.errors.set('/api/enrolment/options', { status: 429, code: 'request.rate_limited', message: 'Wait a minute.' });
    await ui.open('/recover');
    await type('ABCD-EFGH-JKMN-PQRS');
    await ui.page.getByRole('alert').getByText('Wait a minute.').waitFor();
    expect(await ui.page.getByText('This code does not work').count()).toBe(0);
    expect(await field().inputValue()).toBe('ABCD-EFGH-JKMN-PQRS');
  });
});
