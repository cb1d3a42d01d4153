import { beforeEach, describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { createImportTable } from '#gateway/app/people/import-table.ts';
import { NO_CLOSING_BEYOND_MARKS, type ClosingRule } from '#gateway/app/people/plan-closings.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { readPeopleCsv } from '#gateway/platform/people-csv.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';
import { somePerson } from '#test/support/people.ts';

const ANN = 'person_ann' as PersonId;
let stores: ReturnType<typeof createMemoryStores>;

beforeEach(async () => {
  stores = createMemoryStores();
  closed.length = 0;
  await stores.people.save(somePerson('ann', { groups: ['sales'] }));
});

const closed: PersonId[] = [];

const run = async (text: string, dryRun = false, closing: Partial<ClosingRule> = {}) => {
  const sources = { clock: createSystemClock(), random: createSystemRandom() };
  const importTable = createImportTable({
    ...stores,
    ...sources,
    installation: sampleInstallation,
    scheduleNames: new Set(['always']),
    close: async (id) => closed.push(id),
  });
  return importTable(readPeopleCsv(Buffer.from(text), 'hr.csv'), { dryRun, closing: { ...NO_CLOSING_BEYOND_MARKS, ...closing } });
};

describe('a table of people', () => {
  const TABLE = 'id,name,groups,badges\nperson_ann,Person ann,night,H10301:7:1\nusr_new,New,,\n';

  it('tells row by row what it would change, and changes nothing in a dry run', async () => {
    const report = await run(TABLE, true);
    expect(report).toMatchObject({ ok: true, applied: false });
    expect(report.rows).toMatchObject([
      { line: 2, id: 'person_ann', outcome: 'changed', changes: ['-group:sales', '+group:night', '+badge'] },
      { line: 3, id: 'usr_new', outcome: 'added' },
    ]);
    expect(await stores.people.find(ANN)).toMatchObject({ groups: ['sales'], version: 1 });
    expect(await stores.pendingRecords.list(10)).toEqual([]);
  });

  it('takes the table, records each change, and finds nothing to change the second time', async () => {
    expect(await run(TABLE)).toMatchObject({ ok: true, applied: true });
    expect(await stores.people.find(ANN)).toMatchObject({
      groups: ['night'],
      roles: ['employee'],
      email: 'ann@example.test',
      clearance: 2,
    });
    const recorded = (await stores.pendingRecords.list(10)).map(({ record }) => record.type);
    expect(recorded).toEqual(['directory_change', 'directory_change', 'directory_change', 'system']);
    const again = await run(TABLE, true);
    expect(again.rows.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged']);
  });

  it('changes nothing where one row is wrong, and names line and field', async () => {
    await stores.people.save(somePerson('bob'));
    const report = await run('id,name,email\nusr_new,New,bob@example.test\nperson_ann,Ann,\nperson_ann,Ann again,\nusr_x,,\n');
    expect(report).toMatchObject({ ok: false, applied: false });
    expect(report.rows.map(({ outcome, problems }) => [outcome, ...problems.map(({ path, message }) => `${path}: ${message}`)])).toEqual([
      ['refused', 'email: belongs to person_bob already'],
      ['changed'],
      ['refused', expect.stringContaining('id: person_ann is used already by line 3')],
      ['refused', expect.stringContaining('name: ')],
    ]);
    expect(await stores.people.find('usr_new' as PersonId)).toBeNull();
  });

  it('leaves the groups that a directory gives', async () => {
    const group = { displayName: 'G', externalId: null, createdAtMs: 0, modifiedAtMs: 0, version: 1 };
    await stores.directory.saveGroup({ ...group, id: 'inner', members: [{ kind: 'person', id: ANN }] }, []);
    await stores.directory.saveGroup({ ...group, id: 'outer', members: [{ kind: 'group', id: 'inner' }] }, []);
    await run('id,name,groups\nperson_ann,Person ann,night\n');
    expect(await stores.people.find(ANN)).toMatchObject({ groups: ['night', 'inner', 'outer'] });
  });
});

describe('a table of people that closes', () => {
  const saveMany = async (count: number) => {
    for (let index = 1; index <= count; index += 1) await stores.people.save(somePerson(`p${String(index).padStart(3, '0')}`));
  };
  const header = 'id,name,active\n';

  it('suspends who is marked, once, and tells it in a dry run without doing it', async () => {
    const table = `${header}person_ann,Person ann,no\n`;
    expect(await run(table, true)).toMatchObject({ ok: true, applied: false, closing: { people: 1 }, rows: [{ outcome: 'closed' }] });
    expect(closed).toEqual([]);
    expect(await run(table)).toMatchObject({ ok: true, applied: true });
    expect(closed).toEqual([ANN]);
    await stores.people.changeStanding({ personId: ANN, to: 'suspended', nowMs: 1 });
    expect(await run(table)).toMatchObject({ closing: { people: 0 }, rows: [{ outcome: 'unchanged' }] });
  });

  it('does not bring somebody back, and says so', async () => {
    await stores.people.changeStanding({ personId: ANN, to: 'suspended', nowMs: 1 });
    const report = await run(`${header}person_ann,Person ann,yes\n`);
    expect(report.rows).toMatchObject([{ outcome: 'unchanged', staysClosed: true }]);
    expect(await stores.people.find(ANN)).toMatchObject({ standing: 'suspended' });
  });

  it('does not bring in who has left already', async () => {
    expect(await run(`${header}usr_gone,Gone,no\n`)).toMatchObject({ ok: true, rows: [{ outcome: 'unchanged' }] });
    expect(await stores.people.find('usr_gone' as PersonId)).toBeNull();
  });

  it.each([
    ['no', 'yes'],
    ['yes', 'no'],
  ])('refuses a table that says both of a newcomer: %s, then %s', async (first, second) => {
    const report = await run(`${header}usr_n,New,${first}\nusr_n,New,${second}\n`);
    expect(report).toMatchObject({ ok: false, applied: false, rows: [{}, { outcome: 'refused', problems: [{ path: 'id' }] }] });
    expect(await stores.people.find('usr_n' as PersonId)).toBeNull();
  });

  it('closes nobody unasked where it is told so', async () => {
    const table = `${header}person_ann,Person ann,no\n`;
    expect(await run(table, false, { percentMax: 0 })).toMatchObject({ applied: false, closing: { people: 1, allowed: 0 } });
    expect(await run(table, false, { percentMax: 0, confirmed: 1 })).toMatchObject({ applied: true });
    expect(closed).toEqual([ANN]);
  });

  it('says nothing about whom an empty cell is for, and refuses one that is neither yes nor no', async () => {
    expect(await run(`${header}person_ann,Person ann,\n`)).toMatchObject({ closing: { people: 0 }, rows: [{ outcome: 'unchanged' }] });
    const unclear = await run(`${header}person_ann,Person ann,perhaps\n`);
    expect(unclear).toMatchObject({ ok: false, rows: [{ outcome: 'refused', problems: [{ path: 'active' }] }] });
  });

  it('closes whoever is missing only where it has everybody', async () => {
    await stores.people.save(somePerson('bob'));
    const table = 'id,name\nperson_bob,Person bob\n';
    expect(await run(table)).toMatchObject({ closing: { people: 0 } });
    const report = await run(table, false, { isComplete: true });
    expect(report.rows).toMatchObject([{ id: 'person_bob' }, { id: 'person_ann', line: null, outcome: 'closed', changes: ['missing'] }]);
    expect(closed).toEqual([ANN]);
  });

  it('closes as many as it may unasked, and one more only where somebody says the very number', async () => {
    await saveMany(99);
    const named = (count: number) =>
      Array.from({ length: 100 - count }, (_, i) => (i === 0 ? 'person_ann' : `person_p${String(i).padStart(3, '0')}`));
    const table = (missing: number) =>
      `id,name\n${named(missing)
        .map((id) => `${id},P\n`)
        .join('')}`;
    expect(await run(table(5), true, { isComplete: true })).toMatchObject({ ok: true, closing: { people: 5, inForce: 100, allowed: 5 } });
    expect(await run(table(6), false, { isComplete: true })).toMatchObject({
      ok: false,
      applied: false,
      closing: { people: 6, isAllowed: false },
    });
    expect(closed).toEqual([]);
    expect(await run(table(6), true, { isComplete: true, confirmed: 5 })).toMatchObject({ ok: false });
    expect(await run(table(6), false, { isComplete: true, confirmed: 6 })).toMatchObject({ ok: true, applied: true });
    expect(closed).toHaveLength(6);
  });

  it('never closes everybody for a table that is empty, whatever somebody says', async () => {
    await saveMany(3);
    expect(await run('id,name\n', false, { isComplete: true, confirmed: 4 })).toMatchObject({
      ok: false,
      closing: { people: 4, isAllowed: false },
    });
    expect(closed).toEqual([]);
  });

  it('closes nobody where another row is wrong', async () => {
    expect(await run(`${header}person_ann,Person ann,no\nusr_x,,yes\n`)).toMatchObject({ ok: false, applied: false });
    expect(closed).toEqual([]);
  });
});
