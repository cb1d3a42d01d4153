import { describe, expect, it } from 'vitest';
import { useFakeConsole } from '#test/support/fake-console.ts';

const ada = { id: 'usr_ada', displayName: 'Ada Okafor', roles: ['security_admin'] };

const ui = useFakeConsole();

describe('the page of a reader', () => {
  it('is reached from the list, and watches the line only when it is asked to', async () => {
    ui.api.state.operator = ada;
    await ui.open('/console/readers');
    await ui.page.getByRole('link', { name: 'Main entrance in' }).click();
    await ui.heading('Main entrance in');
    await ui.text('51800');
    expect(ui.api.requests.filter((request) => request.includes('/frames'))).toEqual([]);
    await ui.button('Watch the line').click();
    await ui.page.getByRole('button', { name: 'LED', exact: true }).click();
    await ui.text('sequence anomaly');
    await ui.text('address 1, sequence 1, CRC, 30 bytes, body encrypted, MAC unverified');
    await ui.button('Pause').click();
    await ui.page.getByRole('button', { name: 'Go on' }).waitFor();
  });

  it('says that there is no such reader', async () => {
    ui.api.state.operator = ada;
    await ui.open('/console/readers/nobody');
    await ui.text('Not found');
  });
});
