import { describe, expect, it } from 'vitest';
import { expectAccessible, expectNothingSideways } from '#test/support/console/accessibility.ts';
import { faceRecord } from '#test/support/console/fake-faces.ts';
import { useFakeConsole } from '#test/support/console/fake-console.ts';

const ui = useFakeConsole();
const ada = { id: 'usr_ada', displayName: 'Ada Okafor', roles: ['security_admin'] };
const PATH = '/console/terminals';

async function open(): Promise<void> {
  ui.api.state.operator = ada;
  await ui.open(PATH);
}
const dialog = () => ui.page.getByRole('dialog');
const row = (name: string) => ui.page.getByRole('row').filter({ hasText: name });

it('shows each terminal with its standing, reader, pack, when it was heard, and what it last said', async () => {
  await open();
  await row('Main entrance camera').getByText('Listens').waitFor();
  for (const text of ['4f1d0c8e2b7a', 'Recognised', 'Did not do what was asked', 'face.replayed', '3 faces', '1 expired'])
    await row('Main entrance camera').getByText(text).first().waitFor();
  await row('Parts cage').getByText('Silent').waitFor();
  await row('Old camera').getByText('Revoked').waitFor();
  expect(await row('Old camera').getByRole('button', { name: 'Enrol' }).count()).toBe(0);
});

it('makes a code for a new terminal once every field is filled, and shows the command that takes it', async () => {
  await open();
  await ui.page.getByRole('button', { name: 'Add a terminal' }).click();
  await dialog().getByRole('button', { name: 'Make the code' }).click();
  await dialog().getByText('Choose the reader that it stands beside.').waitFor();
  await dialog().getByLabel('Reader').selectOption({ index: 1 });
  await dialog().getByLabel('What it is called').fill('Side door');
  await dialog().getByLabel('Reason').fill('A camera was put up');
  await dialog().getByRole('button', { name: 'Make the code' }).click();
  await dialog()
    .getByText(/gatehouse terminal enrol http:\S+ Q2x1ZS1vbmUtdGltZS0x/)
    .waitFor();
});

it('revokes a terminal after a word about what it still holds', async () => {
  await open();
  await row('Main entrance camera').getByRole('button', { name: 'Revoke' }).click();
  await dialog().getByText('It still holds 3 templates').waitFor();
  await dialog().getByLabel('Reason').fill('It was stolen');
  await dialog().getByRole('button', { name: 'Revoke' }).click();
  await dialog().getByText('Main entrance camera is revoked').waitFor();
  await dialog().getByRole('button', { name: 'Done' }).click();
  await row('Main entrance camera').getByText('Revoked').waitFor();
});

it('has a face enrolled where the person is, deletes one, and shows the terminal’s receipt of it', async () => {
  await open();
  await row('Main entrance camera').getByRole('button', { name: 'Enrol' }).click();
  await dialog().getByLabel('Reason').fill('She asked for it');
  await dialog().getByRole('button', { name: 'Ask at the terminal' }).click();
  await dialog().getByText('Say whose face.').waitFor();
  await dialog().getByRole('searchbox', { name: 'Person' }).fill('Aalto');
  await dialog().getByRole('button', { name: 'Ben Aalto' }).click();
  await dialog().getByRole('button', { name: 'Ask at the terminal' }).click();
  await dialog().getByText('Main entrance camera asks Ben Aalto now').waitFor();
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  expect(ui.api.faces.orders).toEqual([{ deviceId: 'fdv_main', kind: 'enrol', personId: 'usr_ben', storage: 'carried' }]);

  await row('Lena Quist').getByText('To be deleted').waitFor();
  await row('Dev Narayan').getByText('Expired').waitFor();
  await row('Dev Narayan').getByRole('button', { name: 'Delete' }).click();
  await dialog().getByLabel('Reason').fill('He has left');
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await dialog().getByText('Ordered, not deleted yet').waitFor();
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  await row('Dev Narayan').getByText('To be deleted').waitFor();
  ui.api.faces.templates = ui.api.faces.templates.map((one) =>
    one.personId === 'usr_dev' ? { ...one, status: 'deleted', endedAtMs: Date.now(), hasReceipt: true } : one,
  );
  ui.api.push(faceRecord('usr_dev', 'delete:done'));
  await row('Dev Narayan').getByText('Deleted').waitFor();
  await row('Dev Narayan').getByRole('button', { name: 'Receipt' }).click();
  await dialog().getByText('eyJhbGciOiJFUzI1NiJ9').waitFor();
  await dialog().getByText('"crv":"P-256"').waitFor();
});

it('hides what the role does not have', async () => {
  ui.api.state.actions = ['console.read'];
  await open();
  await row('Main entrance camera').getByText('Listens').waitFor();
  for (const name of ['Add a terminal', 'Revoke', 'Enrol', 'Delete'])
    expect(await ui.page.getByRole('button', { name }).count(), name).toBe(0);
});

describe('where there is nothing, or no answer', () => {
  it('says so in words', async () => {
    ui.api.faces.terminals = [];
    ui.api.faces.templates = [];
    await open();
    await ui.text('No terminal is enrolled');
    await ui.text('Nobody’s face is enrolled');
  });

  it('says what is wrong, and tries again', async () => {
    ui.api.state.errors.set('/api/face', { status: 503, code: 'store.unavailable', message: 'The store cannot be used.' });
    await open();
    await ui.page.getByText('The store cannot be used.').first().waitFor();
    ui.api.state.errors.clear();
    for (let panel = 0; panel < 2; panel += 1) await ui.page.getByRole('button', { name: 'Try again' }).first().click();
    await row('Main entrance camera').getByText('Listens').waitFor();
  });
});

it('is accessible in light and dark, and fits into 380 px', async () => {
  await open();
  await row('Ben Aalto').first().waitFor();
  await expectAccessible(ui.page);
  await ui.page.setViewportSize({ width: 380, height: 800 });
  await expectNothingSideways(ui.page);
});

it('says why a person is restricted and when it ends, and ends it', async () => {
  ui.api.state.actions = ['console.read', 'person.unrestrict'];
  ui.api.state.operator = ada;
  const someone = ui.api.state.people[0] ?? expect.fail('there are people');
  someone.standing = 'restricted';
  await ui.open(`/console/people/${someone.id}`);
  await ui.page.getByText('It ends by itself').waitFor();
  await ui.page.getByRole('button', { name: 'End the restriction' }).click();
  await dialog().getByText('somebody else may have it').waitFor();
});
