import { beforeEach, describe, expect, it } from 'vitest';
import { createSystemRandom } from '#adapters/crypto/system-random.ts';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createSystemClock } from '#adapters/time/system-clock.ts';
import { createImportTable } from '#gateway/app/people/import-table.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { readPeopleCsv } from '#gateway/platform/people-csv.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';
import { somePerson } from '#test/support/people.ts';

const ANN = 'person_ann' as PersonId;
let stores: ReturnType<typeof createMemoryStores>;

beforeEach(async () => {
  stores = createMemoryStores();
  await stores.people.save(somePerson('ann', { groups: ['sales'] }));
});

const run = async (text: string, dryRun = false) => {
  const sources = { clock: createSystemClock(), random: createSystemRandom() };
  const importTable = createImportTable({ ...stores, ...sources, installation: sampleInstallation, scheduleNames: new Set(['always']) });
  return importTable(readPeopleCsv(Buffer.from(text), 'hr.csv'), { dryRun });
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
    expect(await stores.pendingRecords.list(10)).toHaveLength(3);
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
