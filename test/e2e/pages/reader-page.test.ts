import { describe, expect, it } from 'vitest';
import { expectAccessible, expectNothingSideways } from '#test/support/console/accessibility.ts';
import { ada } from '#test/support/console/operators.ts';
import { useFakeConsole } from '#test/support/console/fake-console.ts';

const ui = useFakeConsole();
const counters = () => ui.page.getByRole('region', { name: 'Thrown away on line bus-1' });

describe('the page of a reader', () => {
  it('is reached from the list, and watches the line only when it is asked to', async () => {
    ui.api.state.operator = ada;
    await ui.open('/console/readers');
    await ui.page.getByRole('link', { name: 'Main entrance in' }).click();
    await ui.heading('Main entrance in');
    await ui.text('51,800');
    expect(ui.api.requests.filter((request) => request.includes('/frames'))).toEqual([]);
    await ui.button('Watch the line').click();
    await ui.page.getByRole('button', { name: 'LED', exact: true }).click();
    await ui.text('sequence anomaly');
    await ui.text('address 1, sequence 1, CRC, 30 bytes, body encrypted, MAC unverified');
    await ui.button('Pause').click();
    await ui.page.getByRole('button', { name: 'Go on' }).waitFor();
  });

  it('tells what its line threw away, whose it was, what it means and what to do', async () => {
    ui.api.state.operator = ada;
    await ui.open('/console/readers/dor_main_in');
    const row = counters().getByRole('row', { name: 'Late answer' });
    await row.waitFor();
    expect(await row.getByRole('cell').allInnerTexts()).toEqual(['9', '4', expect.stringContaining('update its firmware')]);
    await ui.text('312,004 frames sent, 311,876 received');
  });

  it('says so when nothing was thrown away, and when nobody drives the line', async () => {
    ui.api.state.operator = ada;
    ui.api.state.lines = ui.api.state.lines.map((line) => ({ ...line, counts: {} }));
    await ui.open('/console/readers/dor_main_in');
    await ui.text('Nothing was thrown away since the door controller started');
    ui.api.state.lines = [];
    await ui.page.reload();
    await ui.text('The door controller does not drive this line');
  });

  it('tells of counters that could not be loaded, and loads them when it is told to', async () => {
    ui.api.state.operator = ada;
    ui.api.state.errors.set('/api/reader-lines', {
      status: 503,
      code: 'store.unavailable',
      message: 'The door controller does not answer.',
    });
    await ui.open('/console/readers/dor_main_in');
    await counters().getByText('The door controller does not answer.').waitFor();
    ui.api.state.errors.clear();
    await counters().getByRole('button', { name: 'Try again' }).click();
    await counters().getByText('Noise bytes').waitFor();
  });

  it('shows that it loads, and why it is refused', async () => {
    ui.api.state.operator = ada;
    ui.api.state.delaysMs.set('/api/reader-lines', 600_000);
    await ui.open('/console/readers/dor_main_in');
    await counters().getByRole('status', { name: 'Loading' }).waitFor();
    ui.api.state.delaysMs.clear();
    const refused = {
      status: 403,
      code: 'operator.not_authorized',
      message: 'Your role does not allow this action.',
      decisionId: 'dec_no',
    };
    ui.api.state.errors.set('/api/reader', refused);
    await ui.page.reload();
    await ui.text('Not allowed');
    await ui.text('dec_no');
  });

  it('says of one that does not answer what to do first, and what its alarms mean', async () => {
    ui.api.state.operator = ada;
    await ui.open('/console/readers');
    await ui.page.getByRole('row', { name: 'Not answering' }).getByRole('link').first().click();
    await ui.text('Check its power and cable.');
    await ui.text('Two devices answer, 2 times');
  });

  it('says that there is no such reader', async () => {
    ui.api.state.operator = ada;
    await ui.open('/console/readers/nobody');
    await ui.text('Not found');
  });
});

it('a reader’s page is accessible in light and dark, wide and at 380 px', async () => {
  ui.api.state.operator = ada;
  await ui.open('/console/readers');
  await ui.page.getByRole('row', { name: 'Not answering' }).getByRole('link').first().click();
  await counters().getByText('Noise bytes').waitFor();
  for (const width of [1280, 380]) {
    await ui.page.setViewportSize({ width, height: 860 });
    await expectAccessible(ui.page, { name: `at ${String(width)} px` });
    await expectNothingSideways(ui.page);
  }
});
