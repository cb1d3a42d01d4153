import { describe, expect, it } from 'vitest';
import { expectAccessible, expectNothingSideways } from '#test/support/console/accessibility.ts';
import { ada } from '#test/support/console/operators.ts';
import { useFakeConsole } from '#test/support/console/fake-console.ts';

const SCANNER = '/console/readers/dor_server_in';
const SCAN = '/api/face/readers/dor_server_in/templates';

const ui = useFakeConsole();
const panel = () => ui.page.getByRole('region', { name: 'People it compares' });
const dialog = () => ui.page.getByRole('dialog');
const row = (name: string) => panel().getByRole('row').filter({ hasText: name });

async function open(path = SCANNER): Promise<void> {
  ui.api.state.operator = ada;
  await ui.open(path);
}

async function scan(): Promise<void> {
  await panel().getByRole('button', { name: 'Enrol here' }).click();
  await dialog().getByRole('searchbox', { name: 'Person' }).fill('elias');
  await dialog().getByRole('button', { name: 'Elias Fontaine' }).click();
  await dialog().getByRole('checkbox').check();
  await dialog().getByLabel('Reason').fill('form signed today');
  await dialog().getByRole('button', { name: 'Scan now' }).click();
}

it('shows what a reader compares, whom, and until when', async () => {
  await open('/console/readers');
  await ui.page.getByRole('row').filter({ hasText: 'compares: right index finger' }).getByRole('link').first().click();
  await panel().getByText('Right index finger, template format 2.').waitFor();
  await row('Ben Aalto').getByText('In use').waitFor();
  await row('usr_gone').getByText('Expired').waitFor();
});

it('has no such part where the reader compares nothing', async () => {
  await open('/console/readers/dor_main_in');
  await ui.text('version 1');
  expect(await panel().count()).toBe(0);
  expect(ui.api.requests.some((one) => one.includes('/api/face/readers'))).toBe(false);
});

describe('an enrolment at the reader', () => {
  it('is not begun without a person, their consent and a reason', async () => {
    await open();
    await panel().getByRole('button', { name: 'Enrol here' }).click();
    await dialog().getByRole('button', { name: 'Scan now' }).click();
    for (const text of ['Say who stands there.', 'Nobody is scanned without their consent.', 'Give a reason of 3 to 500 characters.'])
      await dialog().getByText(text).waitFor();
    expect(ui.api.requests).not.toContain(`POST ${SCAN}`);
  });

  it('shows that the reader scans, and then whom it knows', async () => {
    await open();
    await row('Ben Aalto').waitFor();
    ui.api.state.delaysMs.set(SCAN, 1_500);
    await scan();
    await dialog().getByText('The reader scans Elias Fontaine now: right index finger.').waitFor();
    await dialog().getByRole('progressbar', { name: 'Time that the reader has' }).waitFor();
    await dialog().getByText('Elias Fontaine is enrolled.').waitFor();
    await dialog().getByRole('button', { name: 'Done' }).click();
    await row('Elias Fontaine').getByText('In use').waitFor();
  });

  it('says how it ended and that nothing is kept, and scans again until it is done', async () => {
    ui.api.faces.scan = 'timeout';
    await open();
    await scan();
    await dialog().getByRole('alert').getByText('Nobody was scanned in time.').waitFor();
    for (const [result, text] of [
      ['unavailable', 'The reader did not scan.'],
      ['unusable', 'The scan could not be used.'],
    ] as const) {
      ui.api.faces.scan = result;
      await dialog().getByRole('button', { name: 'Scan again' }).click();
      await dialog().getByRole('alert').getByText(text).waitFor();
      await dialog().getByText('Nothing new is kept.').waitFor();
    }
    ui.api.faces.scan = 'done';
    await dialog().getByRole('button', { name: 'Scan again' }).click();
    await dialog().getByText('Elias Fontaine is enrolled.').waitFor();
  });

  it('says that it is not known where no answer came, and why where it is refused', async () => {
    await open();
    await row('Ben Aalto').waitFor();
    ui.api.state.errors.set(SCAN, { status: 503, code: 'store.unavailable', message: 'The door controller does not answer.' });
    await scan();
    await dialog().getByText('It is not known whether they are enrolled.').waitFor();
    await dialog().getByText('The door controller does not answer.').waitFor();
    ui.api.state.errors.set(SCAN, { status: 403, code: 'operator.not_authorized', message: 'Not for you.', decisionId: 'dec_no' });
    await dialog().getByRole('button', { name: 'Scan again' }).click();
    await dialog().getByText('Not for you.').waitFor();
    await dialog().getByText('dec_no').waitFor();
  });
});

describe('a deletion', () => {
  it('is confirmed by the gateway, which keeps the templates', async () => {
    await open();
    await row('Ben Aalto').getByRole('button', { name: 'Delete' }).click();
    await dialog().getByLabel('Reason').fill('he asked for it');
    await dialog().getByRole('button', { name: 'Delete' }).click();
    await dialog().getByText('1 template is gone from the gateway').waitFor();
    await dialog().getByRole('button', { name: 'Done' }).click();
    await row('Ben Aalto').waitFor({ state: 'detached' });
  });

  it('is not called one while it is not known, and then is', async () => {
    await open();
    await row('Ben Aalto').getByRole('button', { name: 'Delete' }).click();
    const path = '/api/face/people/usr_ben/reader-templates/delete';
    ui.api.state.errors.set(path, { status: 504, code: 'http.504', message: 'No answer came.' });
    await dialog().getByLabel('Reason').fill('he asked for it');
    await dialog().getByRole('button', { name: 'Delete' }).click();
    await dialog().getByRole('alert').getByText('It is not known whether it is deleted.').waitFor();
    await row('Ben Aalto').waitFor();
    ui.api.faces.scanned = []; // It was done after all.
    ui.api.state.errors.clear();
    await dialog().getByRole('button', { name: 'Delete' }).click();
    await dialog().getByText('it was gone before').waitFor();
  });
});

describe('without rights, rows or answers', () => {
  it('offers nothing to whoever may not', async () => {
    ui.api.state.actions = ['console.read', 'reader.maintain'];
    await open();
    await row('Ben Aalto').waitFor();
    for (const name of ['Enrol here', 'Delete']) expect(await panel().getByRole('button', { name }).count(), name).toBe(0);
  });

  it('says that nobody is enrolled, and what is wrong', async () => {
    ui.api.faces.scanned = [];
    ui.api.state.errors.set(SCAN, { status: 503, code: 'store.unavailable', message: 'The store cannot be used.' });
    await open();
    await panel().getByText('The store cannot be used.').waitFor();
    ui.api.state.errors.clear();
    await panel().getByRole('button', { name: 'Try again' }).click();
    await panel().getByText('Nobody is enrolled').waitFor();
  });
});

it('is accessible in light and dark, and fits into 380 px', async () => {
  await ui.page.setViewportSize({ width: 380, height: 800 });
  await open();
  await row('Ben Aalto').waitFor();
  await expectAccessible(ui.page, { name: 'the page' });
  await expectNothingSideways(ui.page, 'the page');
  await panel().getByRole('button', { name: 'Enrol here' }).click();
  await expectAccessible(ui.page, { name: 'the form' });
  await expectNothingSideways(ui.page, 'the form');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  ui.api.faces.scan = 'unusable';
  await scan();
  await dialog().getByText('The scan could not be used.').waitFor();
  await expectAccessible(ui.page, { name: 'the outcome' });
});
