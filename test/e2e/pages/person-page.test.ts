import { beforeEach, expect, it } from 'vitest';
import { decision } from '#test/support/console/fake-data.ts';
import { ada, chiara } from '#test/support/console/operators.ts';
import { useFakeConsole } from '#test/support/console/fake-console.ts';

const ui = useFakeConsole();

beforeEach(() => {
  ui.api.state.operator = ada;
});

it('says the standing of a person once', async () => {
  await ui.open('/console/people/usr_eli');
  await ui.heading('Elias Fontaine');
  expect(await ui.page.getByText('Restricted', { exact: true }).count()).toBe(1);
});

it('loses no letter of a hand that is faster than the page, and follows the address else', async () => {
  await ui.open('/console/people');
  await ui.text('Ben Aalto');
  await ui.page.keyboard.press('/');
  const field = ui.page.getByRole('searchbox', { name: 'Search people' });
  // As the browser hands over keys that were struck while the page was at work: one right after the other.
  await ui.page.evaluate(`for (const letter of 'ben aalto') {
    const input = document.activeElement;
    input.setRangeText(letter, input.value.length, input.value.length, 'end');
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }`);
  await ui.page.waitForURL(/search=ben(\+|%20)aalto$/);
  expect(await field.inputValue()).toBe('ben aalto');
  await ui.page.getByRole('link', { name: 'People', exact: true }).click();
  await ui.page.waitForURL(/people$/);
  await expect.poll(() => field.inputValue()).toBe('');
});

it('suspends a person by keyboard alone and shows each target’s acknowledgement', async () => {
  await ui.open('/console/people');
  await ui.text('Ben Aalto');
  await ui.page.keyboard.press('/');
  await ui.page.keyboard.type('ben');
  // The address follows the hand.
  await ui.page.waitForURL(/search=ben$/);
  expect(await ui.page.getByRole('searchbox', { name: 'Search people' }).inputValue()).toBe('ben');
  await ui.page.getByRole('row').nth(2).waitFor({ state: 'detached' });
  await ui.page.keyboard.press('Tab');
  await ui.page.keyboard.press('Enter');
  await ui.heading('Ben Aalto');
  await focusByTab('Suspend');
  await ui.page.keyboard.press('Enter');
  await ui.page.getByRole('dialog').waitFor();
  await ui.page.keyboard.press('Escape');
  await ui.page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await ui.page.locator('button:focus').innerText()).toBe('Suspend');
  await ui.page.keyboard.press('Enter');
  await ui.page.keyboard.type('Badge reported stolen');
  await focusByTab('Suspend');
  await ui.page.keyboard.press('Enter');
  await ui.page.getByRole('dialog').getByText('Contained: every target has confirmed').waitFor();
  expect(await ui.page.getByRole('list', { name: 'Receipt' }).getByRole('listitem').allInnerTexts()).toHaveLength(3);
  await ui.page.keyboard.press('Enter');
  await ui.text('Every way in is closed, at doors and systems alike.');
});

it('does not suspend without a reason', async () => {
  await ui.open('/console/people/usr_ben');
  await ui.button('Suspend').click();
  await ui.page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
  await ui.text('Give a reason of 3 to 500 characters.');
  expect(ui.api.requests.some((request) => request.endsWith('/suspend'))).toBe(false);
});

it('reinstates only with a second, different operator', async () => {
  await ui.open('/console/people/usr_dev');
  await ui.button('Reinstate').click();
  await ui.page.keyboard.type('Cleared by HR');
  await ui.button('Ask for reinstatement').click();
  await ui.page.getByRole('heading', { name: 'Waiting for a second operator' }).waitFor();
  await ui.button('Done').click();
  expect(await ui.button('Waiting for a second operator').isDisabled()).toBe(true);
  ui.api.state.operator = chiara;
  await ui.page.reload();
  await ui.text('Ada Okafor has asked for reinstatement');
  await ui.button('Confirm reinstatement').click();
  await ui.page.keyboard.type('Confirmed with HR');
  await ui.page.getByRole('dialog').getByRole('button', { name: 'Confirm reinstatement' }).click();
  await ui.heading('Devika Raman is active again');
});

it('calls the operator of the host’s own console by name', async () => {
  const expiresAtMs = Date.now() + 900_000;
  ui.api.state.reinstatement = { requestedBy: 'local', requestedById: 'local', reason: 'Cleared by HR', expiresAtMs };
  await ui.open('/console/people/usr_dev');
  await ui.text('The host’s owner has asked for reinstatement');
  await ui.button('Confirm reinstatement').click();
  await ui.page.getByRole('dialog').getByText('The host’s owner asked for it').waitFor();
  await ui.page.keyboard.press('Escape');
  await ui.page.getByRole('link', { name: 'Live' }).click();
  await ui.connected();
  ui.api.push(decision('dec_host', { personId: 'local', action: 'console.read', resourceType: 'console', resourceId: 'console' }));
  await ui.page.getByRole('listitem').getByText('The host’s owner').waitFor();
});

it('hides what the role does not allow', async () => {
  ui.api.state.actions = ['console.read'];
  await ui.open('/console/people/usr_ben');
  await ui.heading('Ben Aalto');
  expect(await ui.button('Suspend').count()).toBe(0);
  expect(await ui.button('Enrolment link').count()).toBe(0);
});

it('shows enrolment links and tokens once, and signs out', async () => {
  await ui.open('/console/people/usr_ben');
  await ui.button('Enrolment link').click();
  await ui.button('Create the link').click();
  await ui.text(/enrol#token=/);
  await ui.button('Done').click();
  await ui.button(/account and settings/).click();
  await ui.page.getByRole('menuitem', { name: 'Command-line token' }).click();
  await ui.button('Create a token').click();
  await ui.text(/ghc_/);
  await ui.button('Done').click();
  await ui.button(/account and settings/).click();
  await ui.page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await ui.page.locator('html[data-theme=dark]').waitFor();
  await ui.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await ui.heading('Sign in to the console');
});

/** Moves the focus forward until it is on the button: what a person without a pointer does. */
async function focusByTab(name: string): Promise<void> {
  for (let step = 0; step < 40; step += 1) {
    await ui.page.keyboard.press('Tab');
    const focused = ui.page.locator('button:focus');
    if ((await focused.count()) === 1 && (await focused.innerText()).trim() === name) return;
  }
  throw new Error(`the focus never reaches ${name}`);
}
