import { beforeEach, describe, expect, it } from 'vitest';
import { ada } from '#test/support/console-operators.ts';
import { useFakeConsole } from '#test/support/fake-console.ts';

const DATA = '/console/policy/data';
const LIBRARY = '/console/policy/library';

const ui = useFakeConsole();
const dialog = () => ui.page.getByRole('dialog');
const region = (name: string) => ui.page.getByRole('region', { name, exact: true });

async function review(): Promise<void> {
  await dialog().getByRole('button', { name: 'See what it changes' }).click();
  await dialog().getByRole('list', { name: 'What this changes' }).waitFor();
}

async function save(action = 'Save'): Promise<void> {
  await dialog().getByLabel('Reason').fill('as agreed on Monday');
  await dialog().getByRole('button', { name: action }).click();
  await dialog()
    .getByText(/Version \d+ is in force/)
    .waitFor();
  await dialog().getByRole('button', { name: 'Done' }).click();
}

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

describe('the library', () => {
  it('sets a policy up with its figures, switches it off, and says what it says', async () => {
    await ui.open(LIBRARY);
    await ui.button('Set up On-site required').click();
    await dialog()
      .getByLabel(/^Payroll/)
      .check();
    await dialog().getByLabel('Oldest that counts, seconds').fill('28800');
    await dialog().getByText('That is 8 hours.').waitFor();
    await dialog().getByLabel('Oldest that counts, seconds').fill('700000');
    await dialog().getByRole('button', { name: 'See what it changes' }).click();
    await dialog().getByText('Give a whole number of 0 to 604800 seconds.').waitFor();
    await dialog().getByLabel('Oldest that counts, seconds').fill('28800');
    await review();
    await save();
    const card = region('On-site required');
    await card.getByText('Payroll', { exact: true }).waitFor();
    await card.getByText('What it says when it denies').click();
    await card.getByText('presence.off_site').waitFor();
    await card.getByRole('button', { name: 'Switch off' }).click();
    await dialog().getByText('enabled', { exact: true }).first().waitFor();
    await save();
    await card.getByRole('button', { name: 'Switch on' }).waitFor();
  });

  it('asks for a schedule where a policy needs one', async () => {
    await ui.open(LIBRARY);
    await ui.button('Set up After hours').click();
    await dialog().getByRole('button', { name: 'See what it changes' }).click();
    await dialog().getByText('Choose a schedule.').waitFor();
    await dialog().getByLabel('Schedule').selectOption('nights');
    await dialog().getByLabel('Everywhere').check();
    await review();
  });
});

describe('versions', () => {
  it('tells who was first, shows both changes, and puts mine on top', async () => {
    await ui.open(`${DATA}?part=schedules`);
    await ui.button('Edit Night shift').click();
    const theirs = { name: 'Night shift', windows: [{ weekdays: [1], from: '23:00', until: '05:00' }], onHolidays: true };
    ui.api.policyData.saveAs('usr_chi', [{ part: 'schedules', id: 'nights', value: theirs }], 'shorter nights');
    await dialog().getByLabel('Until').fill('07:00');
    await dialog().getByRole('button', { name: 'See what it changes' }).click();
    await dialog().getByText('Somebody else saved first').waitFor();
    await dialog().getByText('shorter nights').waitFor();
    await dialog().getByText('in the place of theirs').waitFor();
    await dialog().getByText('"23:00"').waitFor();
    await dialog().getByRole('button', { name: 'Put mine on top' }).click();
    await save();
    expect(ui.api.policyData.documents.at(-1)?.schedules['nights']?.windows[0]?.until).toBe('07:00');
  });

  it('shows what the policy sees, and who changed it last and why', async () => {
    ui.api.policyData.saveAs('usr_chi', [{ part: 'areas', id: 'are_office', value: { securityLevel: 2 } }], 'visitors are about');
    await ui.open(`${DATA}?part=areas`);
    const seen = region('As the policy sees it');
    await seen.getByText('visitors are about').waitFor();
    await seen.getByText('Chiara Lindqvist').waitFor();
    await seen.getByText('"securityLevel": 2').waitFor();
  });

  it('goes back to an earlier one as a new version', async () => {
    ui.api.policyData.saveAs('usr_chi', [{ part: 'areas', id: 'are_office', value: { securityLevel: 5 } }], 'nobody in');
    ui.api.policyData.saveAs('usr_chi', [{ part: 'areas', id: 'are_office', value: { securityLevel: 3 } }], 'some of them');
    await ui.open(`${DATA}?part=history`);
    await ui.button('Go back to 1').click();
    await dialog().getByText('securityLevel').waitFor();
    await dialog().getByLabel('Reason').fill('it was right before');
    await dialog().getByRole('button', { name: 'Go back', exact: true }).click();
    await dialog().getByText('Version 3 is in force').waitFor();
    await dialog().getByRole('button', { name: 'Done' }).click();
    await region('History').getByText('Went back: Area are_office changed').waitFor();
    expect(ui.api.policyData.documents.at(-1)?.areas['are_office']).toEqual({ securityLevel: 5 });
  });

  it('tries a change on the last days on demand, and says when that cannot be done', async () => {
    await ui.open(`${DATA}?part=areas`);
    await ui.button('Edit Open office').click();
    await dialog().getByLabel('Security level').selectOption('5');
    await review();
    await dialog().getByRole('button', { name: 'Try it on the last 7 days' }).click();
    await dialog().getByText('The log of that time is not there.').waitFor();
  });
});

describe('what only the gateway can know', () => {
  it('is said at the field, in the form as it was filled in', async () => {
    const message = 'changes.0.value.schedule: names no schedule';
    ui.api.state.errors.set('/api/policy/data/preview', {
      status: 400,
      code: 'request.invalid',
      message,
      field: 'changes.0.value.schedule',
    });
    await ui.open(DATA);
    await ui.button('New grant').click();
    await dialog().getByLabel('Access profile').selectOption('servers');
    await dialog().getByLabel('Group').fill('movers');
    await dialog().getByRole('button', { name: 'See what it changes' }).click();
    await dialog().getByText('This names no schedule').waitFor();
    expect(await dialog().getByLabel('Schedule').getAttribute('aria-invalid')).toBe('true');
    expect(await dialog().getByLabel('Group').inputValue()).toBe('movers');
  });

  it('is no conflict when nobody else has saved: that it changes nothing', async () => {
    ui.api.state.errors.set('/api/policy/data/preview', { status: 409, code: 'request.conflict', message: 'This changes nothing.' });
    await ui.open(`${DATA}?part=areas`);
    await ui.button('Edit Server room').click();
    await dialog().getByRole('button', { name: 'See what it changes' }).click();
    await dialog().getByRole('alert').getByText('This changes nothing.').waitFor();
    expect(await dialog().getByText('Somebody else').count()).toBe(0);
  });
});

describe('an operator without the right', () => {
  it('sees everything and is offered no change', async () => {
    ui.api.policyData.may = { edit: false, open: false, raiseThreat: false };
    await ui.open(DATA);
    await ui.text('Your role does not change it.');
    await region('As the policy sees it').waitFor();
    for (const name of ['New grant', 'Raise the threat level', /^Edit /, /^Remove /]) expect(await ui.button(name).count()).toBe(0);
  });

  it('may tighten without being able to open', async () => {
    ui.api.policyData.may = { edit: true, open: false, raiseThreat: true };
    await ui.open(DATA);
    await ui.button('Remove Server operations of usr_ben').click();
    await dialog().getByLabel('Reason').waitFor();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await ui.button('New grant').click();
    await dialog().getByLabel('Access profile').selectOption('servers');
    await dialog().getByLabel('Group').fill('anybody');
    await review();
    await dialog().getByText('Your role does not allow that.').waitFor();
    expect(await dialog().getByRole('button', { name: 'Open it' }).count()).toBe(0);
  });

  it('is told the decision to quote when it is refused all the same', async () => {
    const denied = { status: 403, code: 'operator.not_authorized', message: 'Your role does not allow this action.', decisionId: 'dec_no' };
    ui.api.state.errors.set('/api/policy/data/changes', denied);
    await ui.open(`${DATA}?part=areas`);
    await ui.button('Edit Open office').click();
    await review();
    await dialog().getByLabel('Reason').fill('trying it');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await dialog().getByRole('alert').getByText('Your role does not allow this action.').waitFor();
    await dialog().getByText('dec_no').waitFor();
  });
});

describe('when it cannot be read', () => {
  it.each([DATA, LIBRARY])('%s says so, and reads again when asked', async (path) => {
    ui.api.state.errors.set('/api/policy/data', { status: 503, code: 'store.unavailable', message: 'The store does not answer.' });
    await ui.open(path);
    await ui.page.getByRole('alert').getByText('The store does not answer.').first().waitFor();
    ui.api.state.errors.clear();
    await ui.button('Try again').first().click();
    await region(path === DATA ? 'Grants' : 'On-site required').waitFor();
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
    expect(await ui.page.evaluate<string>("document.activeElement?.getAttribute('aria-label')")).toBe('Edit Open office');
  });
});
