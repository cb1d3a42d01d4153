import { describe, expect, it } from 'vitest';
import { expectAccessible, expectNothingSideways } from '#test/support/console/accessibility.ts';
import { ada } from '#test/support/console/operators.ts';
import { useFakeConsole } from '#test/support/console/fake-console.ts';

const READER = '/console/readers/dor_main_in';

const ui = useFakeConsole();

async function openReader(): Promise<void> {
  ui.api.state.operator = ada;
  await ui.open(READER);
  await ui.text('set by the gateway');
}

const dialog = () => ui.page.getByRole('dialog');
const maintenance = () => ui.page.getByRole('region', { name: 'Maintenance' });

async function giveReason(action: string): Promise<void> {
  await dialog().getByLabel('Reason').fill('yearly change');
  await dialog().getByRole('button', { name: action }).click();
}

describe('maintenance of a reader', () => {
  it('shows how its key and its channel stand', async () => {
    await openReader();
    await ui.text('version 1');
    await ui.text('3 minutes, 5,000 exchanges');
    await ui.text('address 1 at 9600 bits per second');
    await ui.text('Nothing was done to this reader lately');
  });

  it('gives a new key with a reason, and says when it is done', async () => {
    await openReader();
    await ui.button('New key').click();
    await dialog().getByRole('button', { name: 'Give a new key' }).click();
    await ui.text('Give a reason of 3 to 500 characters.');
    expect(ui.api.requests).not.toContain('POST /api/reader-operations/rotation');
    await giveReason('Give a new key');
    await dialog().getByText('Done', { exact: true }).waitFor();
    await ui.text('dec_op_1');
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    await maintenance().getByText('New key').waitFor();
  });

  it('tests the line, tells how far it is, and then the verdict with its figures', async () => {
    await openReader();
    await ui.button('Test line').click();
    await dialog().getByLabel('How long').selectOption('1000');
    await giveReason('Test the line');
    await dialog().getByText('The line works, but not well').waitFor();
    await dialog()
      .getByText(/1000 commands answered, 0 not, 2 sent again/)
      .waitFor();
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    await maintenance().getByText('Line test').waitFor();
  });

  it('pairs for as long as it is told, and stops when it is told', async () => {
    await openReader();
    await ui.button('Pair').click();
    await dialog().getByLabel('Minutes').fill('11');
    await giveReason('Open the window');
    await ui.text('Give 1 to 10 whole minutes.');
    await dialog().getByLabel('Minutes').fill('2');
    await giveReason('Open the window');
    await ui.text('the window is open, waiting for the reader');
    await dialog().getByRole('button', { name: 'Stop' }).click();
    await dialog().getByText('Stopped', { exact: true }).waitFor();
  });

  it('moves it to an address and a speed', async () => {
    await openReader();
    await ui.button('Move').click();
    await dialog().getByLabel('Address').fill('127');
    await giveReason('Move the reader');
    await ui.text('Give an address of 0 to 126.');
    await dialog().getByLabel('Address').fill('7');
    await dialog().getByLabel('Speed, bits per second').selectOption('38400');
    await giveReason('Move the reader');
    await dialog().getByText('Done', { exact: true }).waitFor();
  });

  it('sends a file and shows how much has arrived', async () => {
    await openReader();
    await ui.button('Send file').click();
    await giveReason('Send the file');
    await ui.text('Choose a file of 1 to 16777216 bytes.');
    await dialog()
      .getByLabel('File')
      .setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.alloc(300) });
    await dialog().getByLabel('What it is').selectOption('3');
    await giveReason('Send the file');
    await ui.text('% of 300 bytes');
    await dialog().getByText('Done', { exact: true }).waitFor();
    expect(ui.api.requests).toContain('POST /api/readers/dor_main_in/file?type=3&reason=yearly+change');
  });

  it('is not offered to a role that may not', async () => {
    ui.api.state.actions = ['console.read', 'door.operate'];
    await openReader();
    expect(await ui.button('New key').count()).toBe(0);
    expect(await ui.button('Pair').count()).toBe(0);
  });

  it('says why it is refused, with the number of the decision', async () => {
    const denied = { status: 403, code: 'authentication.too_old', message: 'Sign in again.', decisionId: 'dec_no' };
    ui.api.state.errors.set('/api/reader-operations/rotation', denied);
    await openReader();
    await ui.button('New key').click();
    await giveReason('Give a new key');
    await dialog().getByRole('alert').getByText('Sign in again.').waitFor();
    await ui.text('dec_no');
  });

  it('says whole what to do when the policy in force has never heard of it', async () => {
    const message = 'The policy in force (rev_own) is older than this program. At the host: gatehouse policy publish rev_shipped_1';
    ui.api.state.errors.set('/api/reader-operations/line-test', { status: 403, code: 'policy.no_permit', message, decisionId: 'dec_old' });
    await openReader();
    await ui.button('Test line').click();
    await giveReason('Test the line');
    await dialog().getByRole('alert').getByText(message).waitFor();
  });

  it('says that the door controller does not answer, beside what is known', async () => {
    ui.api.state.operator = ada;
    const error = { status: 503, code: 'store.unavailable', message: 'The door controller does not answer.' };
    ui.api.state.errors.set('/api/reader-conditions', error);
    ui.api.state.errors.set('/api/reader-operations', error);
    await ui.open(READER);
    await ui.text('51,800');
    await ui.text('The door controller does not answer.');
  });

  it('explains the alarms of a reader that is not answering', async () => {
    ui.api.state.operator = ada;
    await ui.open('/console/readers');
    await ui.page.getByRole('row', { name: 'Not answering' }).getByRole('link').first().click();
    await ui.text('Two devices answer at one address.');
  });
});

it.each([
  ['Test line', 'Test the line'],
  ['New key', 'Give a new key'],
  ['Pair', 'Open the window'],
  ['Move', 'Move the reader'],
  ['Send file', 'Send the file'],
])('the dialog of %s is accessible in light and dark, and fits into 380 px', async (name, action) => {
  await ui.page.setViewportSize({ width: 380, height: 800 });
  await openReader();
  await ui.button(name).click();
  await dialog().getByRole('button', { name: action }).waitFor();
  await expectAccessible(ui.page);
  await expectNothingSideways(ui.page);
});
