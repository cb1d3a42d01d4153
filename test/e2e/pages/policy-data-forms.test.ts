import { beforeEach, describe, expect, it } from 'vitest';
import { ada } from '#test/support/console/operators.ts';
import { DATA, usePolicyDataPages } from '#test/support/console/policy-data-pages.ts';

const { ui, dialog, region, review, save } = usePolicyDataPages();

beforeEach(() => {
  ui.api.state.operator = ada;
});
describe('schedules', () => {
  it('makes one over midnight, shows what it changes, and asks for a reason', async () => {
    await ui.open(`${DATA}?part=schedules`);
    await ui.button('New schedule').click();
    await dialog().getByLabel('Name').fill('Cleaners');
    await dialog().getByLabel('From').fill('21:30');
    await dialog().getByLabel('Until').fill('05:00');
    await dialog().getByLabel('Friday').uncheck();
    await dialog().getByText('Mon–Thu 21:30–05:00 the next day').waitFor();
    await review();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByText('Give a reason of 3 to 500 characters.').waitFor();
    await save();
    await region('Schedules').getByText('Mon–Thu 21:30–05:00 the next day').waitFor();
    expect(ui.api.policyData.documents.at(-1)?.schedules['cleaners']).toEqual({
      name: 'Cleaners',
      windows: [{ weekdays: [1, 2, 3, 4], from: '21:30', until: '05:00' }],
      onHolidays: false,
    });
  });

  it('says at the window what is wrong with it', async () => {
    await ui.open(`${DATA}?part=schedules`);
    await ui.button('Edit Night shift').click();
    for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']) await dialog().getByLabel(day).uncheck();
    await dialog().getByRole('button', { name: 'See what it changes' }).click();
    await dialog().getByText('Choose at least one day.').waitFor();
    await dialog().getByLabel('Monday').check();
    await dialog().getByLabel('Until').fill('22:00');
    await dialog().getByRole('button', { name: 'See what it changes' }).click();
    await dialog().getByText('It ends when it begins. For a whole day take 00:00 to 00:00.').waitFor();
  });

  it('takes the place of one of the configuration, and gives it back', async () => {
    await ui.open(`${DATA}?part=schedules`);
    await ui.button('Edit office').click();
    await dialog().getByLabel('Until').fill('19:00');
    await review();
    await save();
    await region('Schedules').getByText('In place of the configuration').waitFor();
    await ui.button('Remove office').click();
    await dialog().getByText('Back to the configuration').waitFor();
    await save();
    await region('Schedules').getByText('From the configuration').waitFor();
  });
});

describe('grants, profiles and the rest', () => {
  it('gives a group a profile with a schedule', async () => {
    await ui.open(DATA);
    await ui.button('New grant').click();
    await dialog().getByRole('button', { name: 'See what it changes' }).click();
    await dialog().getByText('Choose an access profile.').waitFor();
    await dialog().getByText('Say who holds it.').waitFor();
    await dialog().getByLabel('Access profile').selectOption('servers');
    await dialog().getByLabel('Group').fill('night-watch');
    await dialog().getByLabel('Schedule').selectOption('nights');
    await review();
    await dialog().getByText('May let in more').waitFor();
    await save('Open it');
    await ui.page.getByRole('listitem').filter({ hasText: 'group night-watch' }).getByText('Night shift').waitFor();
  });

  it('tells a grant that is over from one that holds', async () => {
    await ui.open(DATA);
    await ui.page.getByRole('listitem').filter({ hasText: 'group movers' }).getByText('Over', { exact: true }).waitFor();
    expect(await ui.page.getByRole('listitem').filter({ hasText: 'role staff' }).getByText('Over', { exact: true }).count()).toBe(0);
  });

  it('makes a profile of doors and systems together', async () => {
    await ui.open(`${DATA}?part=profiles`);
    await ui.button('New profile').click();
    await dialog().getByLabel('Name').fill('Finance');
    await dialog().getByRole('button', { name: 'See what it changes' }).click();
    await dialog().getByText('Choose at least one door, app or VPN realm.').waitFor();
    await dialog()
      .getByLabel(/^Server room/)
      .check();
    await dialog()
      .getByLabel(/^Payroll/)
      .check();
    await review();
    await save();
    await region('Access profiles').getByText('Systems: Payroll').waitFor();
  });

  it('keeps holidays and security levels', async () => {
    await ui.open(`${DATA}?part=holidays`);
    await region('Holidays').getByText('Christmas Day').waitFor();
    await ui.button('New holiday').click();
    await dialog().getByLabel('Name').fill('Works outing');
    await dialog().getByRole('button', { name: 'See what it changes' }).click();
    await dialog().getByText('Choose a day.').waitFor();
    await dialog().getByLabel('Day').fill('2026-12-04');
    await review();
    await save();
    await region('Holidays').getByText('Works outing').waitFor();
    await ui.button('Areas').click();
    await ui.button('Edit Open office').click();
    await dialog().getByLabel('Security level').selectOption('2');
    await review();
    await save();
    await region('Areas').getByText('In place of 1 in the configuration').waitFor();
  });

  it('lifts a reason for a person, and shows past exceptions as past', async () => {
    await ui.open(`${DATA}?part=exceptions`);
    const rows = ui.page.getByRole('list', { name: 'Exceptions' });
    await rows.getByRole('listitem').filter({ hasText: 'Moved the racks' }).getByText('Past').waitFor();
    await rows.getByRole('listitem').filter({ hasText: 'Repairs the air' }).getByText('In force').waitFor();
    await ui.button('New exception').click();
    await dialog().getByLabel('Person').fill('chiara');
    await dialog()
      .getByRole('button', { name: /Chiara Lindqvist/ })
      .click();
    await dialog().getByLabel('Where', { exact: true }).selectOption('door:dor_server');
    await dialog()
      .getByLabel(/door\.threat_level/)
      .check();
    await dialog().getByLabel('Until').fill('2099-01-01T10:00');
    await dialog().getByLabel('Why they need it').fill('Inspects the extinguishers');
    await dialog().getByRole('button', { name: 'See what it changes' }).click();
    await dialog().getByText('It has to end after it begins, and within 24 hours.').waitFor();
    const from = await dialog().getByLabel('From', { exact: true }).inputValue();
    await dialog()
      .getByLabel('Until')
      .fill(`${from.slice(0, 11)}23:59`);
    await review();
    await save('Open it');
    await rows.getByText('Inspects the extinguishers').waitFor();
  });
});

describe('the threat level', () => {
  it('is raised from the live page with a choice and a reason, and lowered after it was asked again', async () => {
    await ui.open('/console');
    await region('Threat level').getByText('Normal everywhere.').waitFor();
    await ui.button('Raise the threat level').click();
    await dialog().getByLabel('Level').selectOption('4');
    await dialog().getByLabel('Where', { exact: true }).selectOption('area:are_server');
    await dialog().getByLabel('Reason').fill('a threat was phoned in');
    await dialog().getByRole('button', { name: 'Raise it' }).click();
    await dialog().getByRole('button', { name: 'Done' }).click();
    await region('Threat level').getByText('Threat level 4, Server room').waitFor();
    await ui.button('Lower, Server room').click();
    await review();
    await dialog().getByText('May let in more').waitFor();
    await save('Open it');
    await region('Threat level').getByText('Normal everywhere.').waitFor();
  });

  it('is not shown as normal when it is not known', async () => {
    ui.api.state.errors.set('/api/policy/data', { status: 503, code: 'store.unavailable', message: 'Not readable.' });
    await ui.open('/console');
    await ui.text('The threat level is not known.');
    expect(await ui.page.getByText('Normal everywhere.').count()).toBe(0);
  });
});

describe('by keyboard', () => {
  it('changes a security level without a mouse, and comes back to where it began', async () => {
    await ui.open(`${DATA}?part=areas`);
    await ui.button('Edit Open office').focus();
    await ui.page.keyboard.press('Enter');
    await ui.page.keyboard.press('4');
    await ui.page.keyboard.press('Tab');
    await ui.page.keyboard.press('Tab');
    await ui.page.keyboard.press('Enter');
    await dialog().getByRole('list', { name: 'What this changes' }).waitFor();
    await ui.page.keyboard.type('as agreed');
    await ui.page.keyboard.press('Tab');
    await ui.page.keyboard.press('Tab');
    await ui.page.keyboard.press('Enter');
    await dialog().getByText('Version 1 is in force').waitFor();
    await ui.page.keyboard.press('Enter');
    await dialog().waitFor({ state: 'detached' });
    await expect.poll(() => ui.page.evaluate<string>("document.activeElement?.getAttribute('aria-label')")).toBe('Edit Open office');
  });
});
