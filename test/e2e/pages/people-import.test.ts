import { expect, it } from 'vitest';
import type { ImportBody, ImportReport } from '#gateway/http/contract/people-import.ts';
import { ada } from '#test/support/console/operators.ts';
import { useFakeConsole } from '#test/support/console/fake-console.ts';

const ui = useFakeConsole();

const NOTHING = { added: 0, changed: 0, unchanged: 0, refused: 0, closed: 0 };
const report = (change: Partial<ImportReport>): ImportReport => ({
  decisionId: 'dec_import',
  ok: true,
  applied: false,
  counts: NOTHING,
  closing: { people: 0, inForce: 40, allowed: 2, isAllowed: true },
  rows: [],
  more: 0,
  ...change,
});

it('tries a table, shows what is wrong, asks for the number of people before it suspends many, and imports', async () => {
  ui.api.state.operator = ada;
  ui.api.state.actions = [...ui.api.state.actions, 'person.import'];
  const sent: ImportBody[] = [];
  let answer = report({
    ok: false,
    counts: { ...NOTHING, refused: 1 },
    rows: [
      {
        line: 3,
        id: 'usr_x',
        outcome: 'refused',
        staysClosed: false,
        changes: [],
        problems: [{ path: 'email', message: 'belongs to usr_eli already' }],
      },
    ],
  });
  ui.api.state.importReport = (body) => {
    sent.push(body);
    return answer;
  };
  await ui.open('/console/people');
  await ui.page.getByRole('link', { name: 'Import' }).click();
  await ui.heading('Import people');

  await ui.page.getByLabel('File').setInputFiles({ name: 'hr.csv', mimeType: 'text/csv', buffer: Buffer.from('id,name\nusr_x,X\n') });
  await ui.page.getByLabel('Reason').fill('HR export');
  await ui.button('Try it').click();
  await ui.text('email: belongs to usr_eli already');
  expect(await ui.button('Import').count()).toBe(0);

  const closed = Array.from(
    { length: 3 },
    (_, i) =>
      ({ line: null, id: `usr_gone${String(i)}`, outcome: 'closed', staysClosed: false, changes: ['missing'], problems: [] }) as const,
  );
  const closing = { people: 3, inForce: 40, allowed: 2, isAllowed: false };
  answer = report({ ok: false, counts: { ...NOTHING, closed: 3 }, closing, rows: closed });
  await ui.page.getByLabel('The table has everybody').check();
  await ui.button('Try it').click();
  await ui.text('This would suspend 3 of 40 people. Is that meant?');
  expect(await ui.button('Import').isEnabled()).toBe(false);
  await ui.page.getByLabel('Type 3 to suspend so many people').fill('3');
  answer = report({ applied: true, counts: { ...NOTHING, closed: 3 }, closing: { ...closing, isAllowed: true }, rows: closed });
  await ui.button('Import').click();
  await ui.text('The table was taken.');
  expect(sent).toEqual([
    { table: 'id,name\nusr_x,X\n', complete: false, reason: 'HR export', dryRun: true },
    { table: 'id,name\nusr_x,X\n', complete: true, reason: 'HR export', dryRun: true },
    { table: 'id,name\nusr_x,X\n', complete: true, reason: 'HR export', dryRun: false, close: 3 },
  ]);

  await ui.page.getByLabel('File').setInputFiles({ name: 'hr.csv', mimeType: 'text/csv', buffer: Buffer.from([0xff, 0xfe, 0x41]) });
  await ui.text('The file is not UTF-8');
  expect(await ui.button('Try it').isEnabled()).toBe(false);
});
