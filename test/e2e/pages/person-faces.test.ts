import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { faceReceiptSchema } from '#gateway/http/contract/face.ts';
import { expectAccessible, expectNothingSideways } from '#test/support/console/accessibility.ts';
import { faceRecord } from '#test/support/console/fake-faces.ts';
import { ada } from '#test/support/console/operators.ts';
import { useFakeConsole } from '#test/support/console/fake-console.ts';

const ui = useFakeConsole();
const panel = () => ui.page.getByRole('region', { name: 'Face', exact: true });
const dialog = () => ui.page.getByRole('dialog');
const face = (name: string) => panel().getByRole('listitem').filter({ hasText: name });
const closeDialog = () => dialog().getByRole('button', { name: 'Close' }).last().click();

async function open(personId: string): Promise<void> {
  ui.api.state.operator = ada;
  await ui.open(`/console/people/${personId}`);
}

async function askAt(terminal: string): Promise<void> {
  await panel().getByRole('button', { name: 'Enrol a face' }).click();
  await dialog().getByLabel('Terminal', { exact: true }).selectOption({ label: terminal });
  await dialog().getByLabel('Reason').fill('She asked for it');
  await dialog().getByRole('button', { name: 'Ask at the terminal' }).click();
}

const send = async (action: string): Promise<void> => {
  await dialog().getByLabel('Reason').fill('He asked for it');
  await dialog().getByRole('button', { name: action }).click();
};

it('shows where a face is, how it stands, and what has ended with its receipt, which is saved as one file', async () => {
  await open('usr_ben');
  await face('With the person').first().getByText('In use').waitFor();
  for (const text of ['enrolled at Main entrance camera', 'Pack 4f1d0c8e2b7a', 'until'])
    await face('With the person').first().getByText(text).waitFor();
  await face('On Main entrance camera').getByText('In use').waitFor();
  await face('Right index finger').getByText('In use').waitFor();
  await panel().getByText('1 that has ended').click();
  await face('Key destroyed').getByRole('button', { name: 'Receipt' }).click();
  await dialog().getByText('The gateway signed that it destroyed the key').waitFor();
  await dialog().getByText('"crv":"Ed25519"').waitFor();
  const [download] = await Promise.all([ui.page.waitForEvent('download'), dialog().getByRole('button', { name: 'Download both' }).click()]);
  expect(download.suggestedFilename()).toBe('face-receipt-tpl_ben_was.json');
  const { template, ...signed } = JSON.parse(await readFile(await download.path(), 'utf8')) as Record<string, unknown>;
  expect(template).toBe('tpl_ben_was');
  expect(faceReceiptSchema.safeParse(signed)).toMatchObject({ success: true });
});

describe('enrolment', () => {
  it('prefers that the person carries it, quotes what they agree to, and names the terminals of their sites first', async () => {
    await open('usr_eli');
    await panel().getByRole('button', { name: 'Enrol a face' }).click();
    expect(await dialog().getByRole('radio', { name: 'With the person' }).isChecked()).toBe(true);
    await dialog().getByText('can be put on your card or phone').waitFor();
    await dialog().getByRole('radio', { name: 'On the terminal' }).check();
    await dialog().getByText('nothing of it leaves this device').waitFor();
    const terminals = dialog().getByLabel('Terminal', { exact: true });
    const offered = (group: string) => terminals.locator(`optgroup[label="${group}"] option`).allTextContents();
    expect(await offered('At their sites')).toEqual(['Main entrance camera']);
    expect(await offered('Elsewhere')).toEqual(['Parts cage (silent)']);
    await dialog().getByRole('button', { name: 'Ask at the terminal' }).click();
    await dialog().getByText('Choose where the person stands.').waitFor();
    expect(ui.api.faces.orders).toEqual([]);
  });

  it('waits for the terminal and then tells what came of it', async () => {
    ui.api.push(faceRecord('usr_eli', 'enrol:failed')); // Of an earlier order: says nothing of this one.
    await open('usr_eli');
    await askAt('Main entrance camera');
    await dialog().getByText('Main entrance camera asks Elias Fontaine now.').waitFor();
    await dialog().getByRole('progressbar', { name: 'Time that the order has left' }).waitFor();
    expect(ui.api.faces.orders).toEqual([{ deviceId: 'fdv_main', kind: 'enrol', personId: 'usr_eli', storage: 'carried' }]);
    ui.api.push(faceRecord('usr_eli', 'enrol:done'));
    await dialog().getByText('Enrolled. Elias Fontaine carries it.').waitFor();
  });

  it('says that a silent terminal asks later, and why an order was refused', async () => {
    await open('usr_eli');
    await askAt('Parts cage (silent)');
    await dialog().getByText('Parts cage is silent.').waitFor();
    await closeDialog();
    const busy = { status: 429, code: 'request.rate_limited', message: 'This terminal has enough to do already.' };
    ui.api.state.errors.set('/api/face/terminals/fdv_main/orders', busy);
    await askAt('Main entrance camera');
    await dialog().getByRole('alert').getByText('This terminal has enough to do already.').waitFor();
  });
});

describe('the end of a face', () => {
  it('destroys the key of what is carried, and shows the receipt of it', async () => {
    await open('usr_ben');
    await face('With the person').first().getByRole('button', { name: 'Destroy key' }).click();
    await dialog().getByText('unreadable from then on').waitFor();
    await send('Destroy the key');
    await dialog().getByText('The key is destroyed').waitFor();
    await dialog().getByText('eyJhbGciOiJFZERTQSJ9').waitFor();
    await dialog().getByRole('button', { name: 'Done' }).click();
    await panel().getByText('2 that have ended').waitFor();
  });

  it('calls nothing deleted that a terminal has not signed', async () => {
    await open('usr_ben');
    await face('On Main entrance camera').getByRole('button', { name: 'Delete' }).click();
    await send('Delete');
    await dialog().getByText('Ordered, not deleted yet').waitFor();
    await closeDialog();
    await face('To be deleted').getByText('The terminal has not signed it yet.').waitFor();
    expect(await panel().getByText('Deleted', { exact: true }).count()).toBe(0);
  });

  it('says that nobody confirms what a revoked terminal keeps', async () => {
    ui.api.faces.terminals = ui.api.faces.terminals.map((one) => (one.id === 'fdv_main' ? { ...one, status: 'revoked' } : one));
    await open('usr_ben');
    await face('On Main entrance camera').getByText('Wipe the machine.').waitFor();
    await face('On Main entrance camera').getByRole('button', { name: 'Delete' }).click();
    await dialog().getByText('nobody will say that it is deleted').waitFor();
  });

  it('says that it is not known where no answer came, and why where it is refused', async () => {
    await open('usr_ben');
    await face('With the person').first().getByRole('button', { name: 'Destroy key' }).click();
    const path = '/api/face/templates/tpl_ben_card/end';
    ui.api.state.errors.set(path, { status: 503, code: 'store.unavailable', message: 'The store cannot be used.' });
    await send('Destroy the key');
    await dialog().getByRole('alert').getByText('It is not known whether it is destroyed.').waitFor();
    ui.api.state.errors.set(path, { status: 403, code: 'operator.not_authorized', message: 'Not for you.', decisionId: 'dec_no' });
    await send('Destroy the key');
    await dialog().getByText('Not for you.').waitFor();
    await dialog().getByText('dec_no').waitFor();
    expect(await dialog().getByText('It is not known').count()).toBe(0);
  });

  it('deletes what readers compare, and says so when there was nothing', async () => {
    await open('usr_ben');
    await panel().getByRole('button', { name: 'Delete all that readers scan themselves' }).click();
    ui.api.faces.scanned = []; // Somebody else was faster.
    await send('Delete');
    await dialog().getByText('it was gone before').waitFor();
  });
});

describe('without rights, rows or answers', () => {
  it('offers nothing to whoever may not enrol, and no enrolment of whoever has left', async () => {
    ui.api.state.actions = ['console.read'];
    await open('usr_ben');
    await face('With the person').first().waitFor();
    for (const name of ['Enrol a face', 'Destroy key', 'Delete']) expect(await panel().getByRole('button', { name }).count(), name).toBe(0);
    ui.api.state.actions = ['console.read', 'person.enrol'];
    const [ben] = ui.api.state.people.filter(({ id }) => id === 'usr_ben');
    if (ben !== undefined) ben.standing = 'departed';
    await open('usr_ben');
    await face('With the person').first().getByRole('button', { name: 'Destroy key' }).waitFor();
    expect(await panel().getByRole('button', { name: 'Enrol a face' }).count()).toBe(0);
  });

  it('says that there is none, that there is no terminal, and what is wrong', async () => {
    ui.api.faces.templates = [];
    ui.api.faces.terminals = [];
    await open('usr_eli');
    await panel().getByText('No face is enrolled').waitFor();
    await panel().getByRole('button', { name: 'Enrol a face' }).click();
    await dialog().getByText('There is no terminal yet.').waitFor();
    ui.api.state.errors.set('/api/face/people', { status: 503, code: 'store.unavailable', message: 'The store cannot be used.' });
    await open('usr_ben');
    await panel().getByText('The store cannot be used.').first().waitFor();
    ui.api.state.errors.clear();
    for (let part = 0; part < 2; part += 1) await panel().getByRole('button', { name: 'Try again' }).first().click();
    await panel().getByText('No face is enrolled').waitFor();
    await face('Right index finger').waitFor();
    const denied = { status: 403, code: 'operator.not_authorized', message: 'Not for you.', decisionId: 'dec_1' };
    ui.api.state.errors.set('/api/face/people', denied);
    await open('usr_ben');
    await panel().getByText('Not allowed').first().waitFor();
  });
});

it('is accessible in light and dark, and fits into 380 px', async () => {
  await ui.page.setViewportSize({ width: 380, height: 800 });
  await open('usr_ben');
  await panel().getByText('1 that has ended').click();
  await expectAccessible(ui.page, { name: 'the panel' });
  await expectNothingSideways(ui.page, 'the panel');
  await askAt('Main entrance camera');
  await dialog().getByRole('progressbar').waitFor();
  await expectAccessible(ui.page, { name: 'the progress' });
  await closeDialog();
  await panel().getByRole('button', { name: 'Enrol a face' }).click();
  await expectAccessible(ui.page, { name: 'the form' });
  await expectNothingSideways(ui.page, 'the form');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await face('With the person').first().getByRole('button', { name: 'Destroy key' }).click();
  await send('Destroy the key');
  await dialog().getByText('Download both').waitFor();
  await expectAccessible(ui.page, { name: 'the receipt' });
  await expectNothingSideways(ui.page, 'the receipt');
});
