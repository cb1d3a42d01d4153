import { describe, expect, it } from 'vitest';
import { expectAccessible, expectNothingSideways } from '#test/support/console/accessibility.ts';
import { ada } from '#test/support/console/operators.ts';
import { useFakeConsole } from '#test/support/console/fake-console.ts';

const POLICY_ACTIONS = ['console.read', 'policy.propose', 'policy.approve', 'policy.activate', 'policy.emergency'];
const REVISION = '/console/policy/revisions/rev_1';
const DENIED = { status: 403, code: 'authentication.too_old', message: 'Sign in again.', decisionId: 'dec_no' };

const ui = useFakeConsole();

async function open(path: string, actions = POLICY_ACTIONS): Promise<void> {
  ui.api.state.operator = ada;
  ui.api.state.actions = actions;
  await ui.open(path);
}

describe('the list of revisions', () => {
  it('shows that it is loading, and then each state, with what is in force marked', async () => {
    ui.api.state.delaysMs.set('/api/policy/revisions', 500);
    await open('/console/policy');
    await ui.page.getByRole('status', { name: 'Loading' }).waitFor();
    await ui.page.getByRole('row', { name: /Contractors come by day.*In force/ }).waitFor();
    expect(await ui.page.locator('tr[aria-current=true]').count()).toBe(1);
    await ui.page.getByRole('row', { name: /Without a note.*Draft/ }).waitFor();
    await ui.page.getByRole('row', { name: /Doors are closed at night.*Impact known/ }).waitFor();
  });

  it('says why it cannot be read, by the number of the decision', async () => {
    ui.api.state.errors.set('/api/policy/revisions', DENIED);
    await open('/console/policy');
    await ui.text('Not allowed');
    await ui.text('dec_no');
  });

  it('can be asked for again after a failure', async () => {
    ui.api.state.errors.set('/api/policy/revisions', { status: 503, code: 'store.unavailable', message: 'Not readable.' });
    await open('/console/policy');
    await ui.text('Not readable.');
    ui.api.state.errors.clear();
    await ui.button('Try again').click();
    await ui.text('Contractors come by day');
  });

  it('offers nothing to change to a role that only reads', async () => {
    await open('/console/policy', ['console.read']);
    await ui.text('Contractors come by day');
    expect(await ui.button('Roll back').count()).toBe(0);
    expect(await ui.page.getByRole('link', { name: 'New draft' }).count()).toBe(0);
  });
});

describe('a revision', () => {
  it('names what failed, what no test reaches, and goes to the line', async () => {
    await open(REVISION);
    await ui.text('a badge at night');
    await ui.page.getByText('Tests reach 75 % of the lines').click();
    await ui.page.getByRole('cell', { name: '10', exact: true }).waitFor();
    await ui.page.getByRole('link', { name: 'access/doors.rego:7:2' }).click();
    await ui.page.locator('.cm-activeLine').getByText('granted("door")').waitFor();
    await expect.poll(() => ui.page.locator('.cm-not-reached').count()).toBe(1);
  });

  it('keeps the flips of both directions apart', async () => {
    await open(REVISION);
    await ui.text('14 people would be locked out of 3 doors between 22:00 and 06:00 (7 decisions).');
    await ui.text('1 person would be let into 1 door between 09:00 and 10:00 (1 decision).');
    const people = ui.page.getByRole('region', { name: 'People', exact: true });
    await people.getByText('7 decisions').first().waitFor();
    await ui.page.getByLabel('Denied, would be permitted (1)').check();
    await people.getByText('1 decision', { exact: true }).first().waitFor();
  });

  it('shows how far a replay is, and stops it', async () => {
    await open(REVISION);
    await ui.button('Measure the impact').click();
    await ui.text('48 %: 200 decisions decided again, 3 flips');
    await ui.button('Stop').click();
    await ui.text('Stopped. What was measured before stays below.');
  });

  it('says in words why the compiler gave no answer', async () => {
    ui.api.state.errors.set('/api/policy/revisions/rev_1/check', {
      status: 500,
      code: 'policy.toolchain_timed_out',
      message: 'stopped after 20000 ms',
    });
    await open(REVISION);
    await ui.button('Check again').click();
    await ui.text('The policy compiler was stopped at its time limit.');
  });

  it('asks for a reason before an emergency, and warns', async () => {
    await open(REVISION);
    await ui.button('Publish in an emergency').click();
    await ui.text('This raises an alarm at once');
    await ui.button('Sign without approval').click();
    await ui.text('Give a reason of 3 to 500 characters.');
    expect(ui.api.requests).not.toContain('POST /api/policy/revisions/rev_1/emergency');
  });

  it('goes past tests that fail only where that is said', async () => {
    await open(REVISION);
    await ui.button('Publish in an emergency').click();
    const despite = ui.page.getByRole('checkbox', { name: 'Although 1 of its tests fail. This raises an alarm of its own.' });
    await despite.check();
    await ui.page.getByRole('textbox', { name: 'Reason' }).fill('Somebody is in the vault');
    const sent = ui.page.waitForRequest((request) => request.url().endsWith('/api/policy/revisions/rev_1/emergency'));
    await ui.button('Sign without approval').click();
    expect((await sent).postDataJSON()).toEqual({ reason: 'Somebody is in the vault', despiteTests: true });
  });
});

describe('the editor', () => {
  it('is left with Esc and Tab, and takes tabs otherwise', async () => {
    await open(`${REVISION}/edit?file=access%2Fdoors.rego`);
    await ui.page.locator('.cm-content').focus();
    await ui.page.keyboard.press('Tab');
    await ui.button(/doors\.rego edited/).waitFor();
    await ui.page.keyboard.press('Escape');
    await ui.page.keyboard.press('Tab');
    await expect.poll(() => ui.page.evaluate<boolean>('document.activeElement?.shadowRoot === null')).toBe(true);
  });

  it('marks a broken case file at its place', async () => {
    await open(`${REVISION}/edit?file=cases%2Fdoor.cases.json`);
    await ui.page.locator('.cm-content').click();
    await ui.page.keyboard.press('Control+End');
    await ui.page.keyboard.insertText('x');
    await ui.page.getByRole('list', { name: 'Problems' }).getByText('json.syntax').waitFor();
    await ui.page.locator('.cm-lint-marker-error').waitFor();
  });

  it('refuses a path that no policy can hold', async () => {
    await open(`${REVISION}/edit`);
    await ui.button('Add a file').click();
    await ui.page.getByLabel('Path').fill('../secret.rego');
    await ui.button('Add').last().click();
    await ui.text('Give a path such as');
    await ui.page.getByLabel('Path').fill('access/visitors.rego');
    await ui.button('Add').last().click();
    await ui.page.locator('.cm-content').getByText('package gatehouse.access').waitFor();
  });
});

it('tells why a decision came out as it did, and what would have permitted it', async () => {
  await open('/console/decisions/dec_03');
  const why = ui.page.getByRole('region', { name: 'Why', exact: true });
  await why.getByText('if the person were inside the area').last().waitFor();
  await why.getByText('access/presence.rego:12').waitFor();
  await why.getByText('Decided again: the same to the last byte').waitFor();
  await why.getByText('context.credential.id').waitFor();
});

const pages: readonly (readonly [name: string, path: string, ready: string])[] = [
  ['revisions', '/console/policy', 'Contractors come by day'],
  ['revision', REVISION, '14 people would be locked out'],
  ['editor', `${REVISION}/edit?file=access%2Fdoors.rego&row=7`, 'A missing fact does not deny here.'],
  ['compare', '/console/policy/compare?from=rev_3&to=rev_1', 'unlocking # by day'],
  ['decision', '/console/decisions/dec_03', 'Decided again: the same'],
];

it.each(pages)('%s is accessible in light and dark, and fits into 390 px', async (_name, path, ready) => {
  await open(path);
  await ui.text(ready);
  await expectAccessible(ui.page);
  await ui.page.setViewportSize({ width: 390, height: 800 });
  await expectNothingSideways(ui.page);
});
