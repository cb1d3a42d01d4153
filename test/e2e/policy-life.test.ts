import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { statusSchema } from '#gateway/http/contract/admin.ts';
import { codeOf, confirm, openPolicyConsole, untilCompiled, writeAtEnd, type PolicyConsole } from '#test/support/console/policy-console.ts';

/** The tests follow one another: each begins where the one before has left the gateway and the pages. */
let console_: PolicyConsole;
let sia: Page;
let tom: Page;
let shipped = '';
let draftUrl = '';

const status = () => console_.gateway.api.get('/api/status', statusSchema);
const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

const NIGHT_RULE = `
# METADATA
# title: Closed at night
# description: Doors are closed from one to five in the morning.
door_reasons contains "grant.outside_schedule" if not by_day

by_day   if facts.below(input.context.time.minute_of_day, 60)

by_day   if facts.at_least(input.context.time.minute_of_day, 300)`;

const CORRECTION = `
# METADATA
# description: The night shift has a clearance.
by_day if facts.at_least(input.subject.properties.clearance, 1)`;

beforeAll(async () => {
  console_ = await openPolicyConsole();
  ({ sia, tom } = console_);
  shipped = (await status()).policyRevision;
}, 240_000);
afterAll(() => console_?.close());

/** Until the chip says so: beside the text stands still what the tests of the revision before have shown. */
const testAll = (page: Page) =>
  untilCompiled(page, () => page.getByRole('button', { name: 'Run tests' }).click(), page.getByText('Tested', { exact: true }));

const measure = (page: Page, says: string) =>
  untilCompiled(page, () => page.getByRole('button', { name: 'Measure the impact' }).click(), page.getByText(says));

it('marks what came with the program as in force', async () => {
  await region(sia, 'In force').getByText('Came with the program').waitFor();
  const row = sia.getByRole('row', { name: /Came with/ });
  expect(await row.getAttribute('aria-current')).toBe('true');
  await row.getByText('In force', { exact: true }).waitFor();
});

it('says that no decision was made in the window, where none was', async () => {
  await sia.getByRole('link', { name: 'Came with the program' }).first().click();
  await sia.getByLabel('Decisions of').selectOption('From and until …');
  await sia.getByRole('button', { name: 'Measure the impact' }).click();
  await sia.getByText('Give a beginning and a later end.').waitFor();
  await sia.getByLabel('From').fill('2020-01-01T00:00');
  await sia.getByLabel('Until').fill('2020-01-02T00:00');
  await measure(sia, 'No decisions in the window');
});

it('shows a broken text at its place, formats a whole one, and takes both back', async () => {
  for (const person of ['ann', 'ben', 'ann', 'ben'] as const) expect((await console_.badge(person)).effect).toBe('permit');
  await sia.getByRole('link', { name: 'Open in the editor' }).click();
  await sia.getByRole('button', { name: 'access/doors.rego', exact: true }).click();
  await sia.getByText('Ingress only; egress never asks.').waitFor();
  await writeAtEnd(sia, '\ndoor_reasons contains "x" if if');
  const place = sia.getByRole('list', { name: 'Problems' }).getByRole('button', { name: /^access\/doors\.rego:\d+:\d+$/ });
  await untilCompiled(sia, () => sia.getByRole('button', { name: 'Format', exact: true }).click(), place);
  await place.first().click();
  await expect.poll(() => sia.locator('.cm-lint-marker-error').count()).toBe(1);
  await sia.locator('.cm-activeLine').getByText('if if').waitFor();
  await sia.keyboard.press('Control+z');
  await expect.poll(() => codeOf(sia).getByText('if if').count()).toBe(0);
});

it('writes a draft that closes the doors at night', async () => {
  await writeAtEnd(sia, NIGHT_RULE);
  // The layout takes out what was written too much.
  await untilCompiled(
    sia,
    () => sia.getByRole('button', { name: 'Format', exact: true }).click(),
    codeOf(sia).getByText('by_day if facts.at_least(input.context.time.minute_of_day, 300)'),
  );
  await sia.getByLabel('What changes, in a sentence').fill('Doors are closed at night');
  await sia.reload();
  await sia.getByText('Here is what you had not saved').waitFor();
  await sia.getByRole('link', { name: 'Revisions' }).first().click();
  await sia.getByRole('dialog').getByRole('button', { name: 'Go on writing' }).click();
  await untilCompiled(
    sia,
    () => sia.getByRole('button', { name: 'Check', exact: true }).click(),
    sia.getByText(/^\d+ problems?, not tested yet/),
  );
  expect(await sia.getByText('rego_').count()).toBe(0);
  expect(await sia.getByText('Doors are closed at night').count()).toBe(1);
  await testAll(sia);
  await sia.getByText(/all tests passed, tests reach \d+ % of the lines/).waitFor();
  await expect.poll(() => sia.locator('.cm-reached').count()).toBeGreaterThan(3);
  draftUrl = sia.url().replace(/\/edit.*$/, '');
});

it('shows before anything is published whom the draft would lock out, by name, door and line', async () => {
  await sia.goto(draftUrl);
  await measure(sia, '2 people would be locked out of 1 door between 02:00 and 03:00 (4 decisions).');
  await region(sia, 'People').getByRole('link', { name: 'Ann Example' }).waitFor();
  await region(sia, 'People').getByRole('link', { name: 'Ben Example' }).waitFor();
  await region(sia, 'Doors').getByRole('link', { name: 'Front' }).waitFor();
  await region(sia, 'Lines')
    .getByText(/access\/doors\.rego:\d+/)
    .first()
    .waitFor();
  await region(sia, 'People').getByText('2 decisions').nth(1).click();
  const decision = region(sia, 'People').locator('details[open] a').first();
  expect(await decision.getAttribute('href')).toContain('/console/decisions/dec_');
});

it('does not let its author approve it, and says why', async () => {
  await sia.getByText('You wrote it: somebody else has to read it and approve it.').waitFor();
  expect(await sia.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0);
});

it('shows the second operator the same, who does not approve', async () => {
  await tom.goto(draftUrl);
  await tom.getByRole('button', { name: 'Approve', exact: true }).click();
  await tom.getByRole('dialog').getByText('2 people would be locked out').waitFor();
  await tom.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  expect((await status()).policyRevision).toBe(shipped);
});

it('goes on from that draft to a corrected one, which changes nothing for anybody', async () => {
  await sia.getByRole('link', { name: 'Open in the editor' }).click();
  await sia.getByRole('button', { name: 'access/doors.rego', exact: true }).click();
  await writeAtEnd(sia, CORRECTION);
  await sia.getByLabel('What changes, in a sentence').fill('Visitors come by day');
  await testAll(sia);
  await sia
    .getByRole('link', { name: 'On to tests and impact' })
    .or(sia.getByRole('link', { name: 'Revision', exact: true }))
    .first()
    .click();
  await sia.getByRole('heading', { name: 'Visitors come by day' }).waitFor();
  await sia.getByRole('link', { name: /Doors are closed at night/ }).waitFor();
  await measure(sia, 'Nothing would come out differently');
  draftUrl = sia.url();
});

it('brings it into force after a second person has approved this hash, and signs it', async () => {
  await tom.goto(draftUrl);
  await tom.getByRole('button', { name: 'Approve', exact: true }).click();
  await confirm(tom, 'Approve this hash', 'Read, and the night shift keeps its access');
  await tom.getByRole('button', { name: 'Sign', exact: true }).click();
  await confirm(tom, 'Sign', 'Approved');
  await sia.getByRole('button', { name: 'Start', exact: true }).click();
  await confirm(sia, 'Start', 'A look at live traffic first');
  await console_.badge('ann');
  await region(sia, 'Shadow run')
    .getByText(/0 disagreements in [1-9]\d* decisions?/)
    .first()
    .waitFor();
  await sia.getByRole('button', { name: 'Bring into force', exact: true }).click();
  await confirm(sia, 'Bring into force', 'Agreed with the shift leaders');
  await sia.getByText('In force', { exact: true }).first().waitFor();
  const decision = await console_.badge('ann');
  const { policyRevision } = await status();
  expect(policyRevision).not.toBe(shipped);
  expect(decision).toMatchObject({ effect: 'permit', policyRevision });
});

it('explains a decision to the line, says that it can be made again, and lists what it masks', async () => {
  const { decisionId } = await console_.badge('ben');
  await tom.goto(`${console_.gateway.url}/console/decisions/${decisionId}`);
  const why = region(tom, 'Why');
  await why.getByText('Decided again: the same to the last byte').waitFor();
  await why.getByText('context.credential.id').waitFor();
  await why
    .getByText(/access\/doors\.rego:\d+/)
    .first()
    .waitFor();
});

it('compares any two revisions', async () => {
  await sia.getByRole('link', { name: 'What changed' }).click();
  await region(sia, 'Lines of access/doors.rego').getByText('by_day if facts.at_least(input.subject.properties.clearance, 1)').waitFor();
  await sia.getByRole('button', { name: 'Swap' }).click();
  await region(sia, 'Lines of access/doors.rego').getByText('removed:').first().waitFor();
});

it('goes back in one action that names what returns', async () => {
  await sia.getByRole('link', { name: 'Revisions' }).first().click();
  await region(sia, 'In force').getByText('Visitors come by day').waitFor();
  await region(sia, 'In force').getByRole('button', { name: 'Roll back' }).click();
  await sia.getByRole('dialog').getByText('Came with the program').waitFor();
  await confirm(sia, 'Roll back', 'The shift plan changes first');
  await region(sia, 'In force').getByText('Came with the program').waitFor();
  expect((await status()).policyRevision).toBe(shipped);
  expect((await console_.badge('ann')).policyRevision).toBe(shipped);
});

it('publishes in an emergency with a warning, and an alarm', async () => {
  await sia.goto(draftUrl.replace(/[^/]+$/, ''));
  await sia.getByRole('link', { name: 'Doors are closed at night' }).click();
  await sia.getByRole('button', { name: 'Publish in an emergency' }).click();
  await sia.getByRole('dialog').getByText('Nobody else looks at it.').waitFor();
  await confirm(sia, 'Sign without approval', 'Somebody is in the building');
  await sia.getByText('Skipped: published in an emergency.').waitFor();
  await sia.goto(`${console_.gateway.url}/console`);
  await sia
    .getByText(/emergency/)
    .first()
    .waitFor();
});

it('leaves the pages without a policy violation or an error', () => {
  expect(console_.complaints()).toEqual([]);
});
