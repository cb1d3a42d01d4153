import { beforeEach, describe, expect, it } from 'vitest';
import { ada } from '#test/support/console/operators.ts';
import { DATA, usePolicyDataPages } from '#test/support/console/policy-data-pages.ts';

const { ui, dialog, region, review, save } = usePolicyDataPages();

beforeEach(() => {
  ui.api.state.operator = ada;
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
