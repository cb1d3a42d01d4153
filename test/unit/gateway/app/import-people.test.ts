import { describe, expect, it } from 'vitest';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createImportPeople } from '#gateway/app/people/import-people.ts';
import type { ImportSummary } from '#gateway/app/people/import-types.ts';
import { toPendingChange } from '#gateway/app/people/directory-change.ts';
import { DIRECTORY_CHANGES_MAX } from '#gateway/domain/audit/change-records.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { CredentialId, PersonId } from '#gateway/domain/site/ids.ts';
import { parsePeopleFile, type PeopleFileInput } from '#gateway/platform/people-file.ts';
import { parseConfig } from '#gateway/platform/config/load-config.ts';
import { PENDING_RECORDS_PAGE_MAX } from '#gateway/ports/pending-record-store.ts';
import { SAMPLE_CONFIG_FILE } from '#test/support/sample-config-file.ts';

const ann = {
  id: 'ann',
  name: 'Ann Lee',
  email: 'ann@example.test',
  badges: [{ format: 'H10301' as const, facility: 12, number: '1001' }],
};
const FILE: PeopleFileInput = {
  people: [ann],
  profiles: [{ id: 'everyday', name: 'Everyday', resources: ['door:front', 'app:wiki'] }],
  grants: [{ id: 'g1', profile: 'everyday', holder: 'person:ann', reason: 'Works here' }],
};

function prepare() {
  const stores = createMemoryStores();
  let count = 0;
  const { installation, schedules } = parseConfig(SAMPLE_CONFIG_FILE);
  const run = createImportPeople({
    installation,
    scheduleNames: new Set(Object.keys(schedules)),
    people: stores.people,
    credentials: stores.credentials,
    grants: stores.grants,
    pendingRecords: stores.pendingRecords,
    clock: { nowMs: () => 5, monotonicUs: () => 0 },
    random: { bytes: (lengthBytes) => new Uint8Array(lengthBytes), id: (prefix) => `${prefix}_${(count += 1)}` },
  });
  return { stores, importFile: (file: PeopleFileInput): Promise<ImportSummary> => run(parsePeopleFile(file)) };
}

describe('importing people', () => {
  it('writes people, badges, profiles and grants', async () => {
    const { stores, importFile } = prepare();
    expect(await importFile(FILE)).toEqual({ ok: true, people: 1, badges: 1, profiles: 1, grants: 1 });
    expect(await stores.people.find('ann' as PersonId)).toMatchObject({ displayName: 'Ann Lee', standing: 'active' });
    expect(await stores.credentials.findBadge('H10301:12:1001')).toMatchObject({ personId: 'ann', status: 'active' });
    expect(await stores.grants.grants()).toHaveLength(1);
  });

  it('done twice is done once', async () => {
    const { stores, importFile } = prepare();
    await importFile(FILE);
    const before = await stores.credentials.findBadge('H10301:12:1001');
    expect(await importFile(FILE)).toMatchObject({ ok: true });
    expect(await stores.credentials.findBadge('H10301:12:1001')).toEqual(before);
    expect(await stores.credentials.badgesOf('ann' as PersonId)).toHaveLength(1);
  });

  it('leaves a suspended person suspended and a lost badge lost', async () => {
    const { stores, importFile } = prepare();
    await importFile(FILE);
    await stores.people.changeStanding({ personId: 'ann' as PersonId, to: 'suspended', nowMs: 1 });
    const badge = await stores.credentials.findBadge('H10301:12:1001');
    await stores.credentials.setStatus(badge?.id as CredentialId, 'lost');
    await importFile({ ...FILE, people: [{ ...ann, name: 'Ann Smith' }] });
    expect(await stores.people.find('ann' as PersonId)).toMatchObject({ displayName: 'Ann Smith', standing: 'suspended' });
    expect(await stores.credentials.findBadge('H10301:12:1001')).toMatchObject({ status: 'lost' });
  });

  it('lets a grant name a profile and a person that only the store knows', async () => {
    const { importFile } = prepare();
    await importFile(FILE);
    expect(await importFile({ grants: [{ id: 'g2', profile: 'everyday', holder: 'person:ann', reason: 'Once more' }] })).toMatchObject({
      ok: true,
    });
  });

  it.each<[path: string, change: PeopleFileInput]>([
    ['profiles[0].resources[1]', { profiles: [{ id: 'p', name: 'P', resources: ['door:front', 'door:gone'] }] }],
    ['profiles[0].resources[0]', { profiles: [{ id: 'p', name: 'P', resources: ['vpn_realm:gone'] }] }],
    ['grants[0].profile', { grants: [{ id: 'g1', profile: 'gone', holder: 'person:ann', reason: 'Works here' }] }],
    ['grants[0].holder', { grants: [{ id: 'g1', profile: 'everyday', holder: 'person:gone', reason: 'Works here' }] }],
    ['grants[0].schedule', { grants: [{ id: 'g1', profile: 'everyday', holder: 'person:ann', schedule: 'gone', reason: 'Works here' }] }],
    ['people[1].id', { people: [ann, { id: 'ann', name: 'Other' }] }],
    ['people[1].email', { people: [ann, { id: 'bob', name: 'Bob', email: 'ANN@example.test' }] }],
    ['people[1].badges[0]', { people: [ann, { id: 'bob', name: 'Bob', badges: ann.badges }] }],
  ])('writes nothing when %s does not fit', async (path, change) => {
    const { stores, importFile } = prepare();
    const summary = await importFile({ ...FILE, ...change });
    expect(summary).toMatchObject({ ok: false });
    expect(summary.ok ? [] : summary.problems.map((problem) => problem.path)).toContain(path);
    expect(await stores.people.list({ after: null, limit: 10 })).toEqual([]);
    expect(await stores.grants.profiles()).toEqual([]);
  });

  it.each<[path: string, other: object]>([
    ['people[0].email', { email: 'ann@example.test' }],
    ['people[0].badges[0]', { badges: ann.badges }],
  ])('does not take away what belongs to somebody in the store: %s', async (path, other) => {
    const { importFile } = prepare();
    await importFile(FILE);
    const summary = await importFile({ people: [{ id: 'bob', name: 'Bob', ...other }] });
    expect(summary).toMatchObject({ ok: false, problems: [{ path, message: 'belongs to ann already' }] });
  });
});

describe('the record of an import', () => {
  const recorded = async (stores: ReturnType<typeof createMemoryStores>) =>
    (await stores.pendingRecords.list(PENDING_RECORDS_PAGE_MAX)).flatMap(({ id, record }) => {
      if (record.type === 'system') return [];
      if (record.type !== 'directory_change') throw new TypeError('an import records changes of the directory only');
      expect(record).toMatchObject({ changeId: id, operatorId: 'local', occurredAtMs: 5 });
      return [record];
    });

  it('names every person, badge, profile and grant that is added, and no name, address or card number', async () => {
    const { stores, importFile } = prepare();
    await importFile(FILE);
    const records = await recorded(stores);
    expect(records.map(({ subjectType, subjectId, personId, change }) => [subjectType, subjectId, personId, change])).toEqual([
      ['person', 'ann', 'ann', 'added'],
      ['badge', expect.stringMatching(/^crd_/), 'ann', 'added'],
      ['profile', 'everyday', null, 'added'],
      ['grant', 'g1', 'ann', 'added'],
    ]);
    expect(JSON.stringify(records)).not.toMatch(/Ann Lee|example\.test|1001/);
  });

  it('says which roles, groups and clearance a person gains and loses', async () => {
    const { stores, importFile } = prepare();
    await importFile({ people: [{ ...ann, roles: ['staff', 'security_admin'], clearance: 5 }] });
    const [before] = await recorded(stores);
    await importFile({ people: [{ ...ann, roles: ['staff'], groups: ['finance'], clearance: 1 }] });
    const after = (await recorded(stores)).at(-1);
    expect(after).toMatchObject({
      change: 'replaced',
      changes: ['-role:security_admin', '-clearance:5', '+group:finance', '+clearance:1'],
      digestBefore: before?.digestAfter,
    });
    expect(after?.digestAfter).not.toBe(after?.digestBefore);
  });

  it('says that a name or an address changed, and not to what', async () => {
    const { stores, importFile } = prepare();
    await importFile(FILE);
    await importFile({ people: [{ ...ann, name: 'Ann Smith', email: 'smith@example.test' }] });
    expect((await recorded(stores)).at(-1)).toMatchObject({ subjectId: 'ann', change: 'replaced', changes: ['name', 'email'] });
  });

  it('is silent about what stays as it is', async () => {
    const { stores, importFile } = prepare();
    await importFile(FILE);
    const before = await recorded(stores);
    await importFile(FILE);
    expect(await recorded(stores)).toEqual(before);
  });

  it('is not written for a file that is refused', async () => {
    const { stores, importFile } = prepare();
    await importFile({ ...FILE, grants: [{ id: 'g1', profile: 'nonsense', holder: 'person:ann', reason: 'Works here' }] });
    expect(await recorded(stores)).toEqual([]);
  });

  it.each([DIRECTORY_CHANGES_MAX, DIRECTORY_CHANGES_MAX + 1])('names at most as many facts as a record may: %i', async (count) => {
    const { stores } = prepare();
    const resources = Array.from({ length: count }, (_, i) => `door:d${i}`);
    const pending = toPendingChange(
      { subjectType: 'profile', subjectId: 'everyday', personId: null, before: null, after: resources, unnamed: [] },
      { clock: { nowMs: () => 5, monotonicUs: () => 0 }, random: { bytes: () => new Uint8Array(), id: () => 'chg_1' } },
    );
    await stores.pendingRecords.add(pending === null ? [] : [pending]);
    const [record] = await recorded(stores);
    expect(record?.changes).toHaveLength(DIRECTORY_CHANGES_MAX);
    expect(record?.changes.at(-1)).toBe(count > DIRECTORY_CHANGES_MAX ? 'and 2 more' : `+door:d${count - 1}`);
  });

  it('says behind all of them that it is done, where it changed anything', async () => {
    const { stores, importFile } = prepare();
    const kinds = async () => (await stores.pendingRecords.list(PENDING_RECORDS_PAGE_MAX)).map(({ record }) => record.type);
    await importFile(FILE);
    const first = await kinds();
    expect(first.indexOf('system')).toBe(first.length - 1);
    await importFile(FILE);
    expect(await kinds()).toEqual(first);
  });

  it('gives nobody who has departed an address: it may be somebody else’s', async () => {
    const { stores, importFile } = prepare();
    await importFile(FILE);
    const ann = (await stores.people.find('ann' as PersonId)) ?? expect.fail('she was imported');
    await stores.people.save({ ...ann, email: null });
    await stores.people.changeStanding({ personId: ann.id, to: 'departed', nowMs: 1 });
    await importFile(FILE);
    expect(await stores.people.find(ann.id)).toMatchObject({ standing: 'departed', email: null });
  });

  it('stands before the change: a store that cannot keep it changes nobody', async () => {
    const stores = createMemoryStores();
    const { installation } = parseConfig(SAMPLE_CONFIG_FILE);
    const run = createImportPeople({
      ...stores,
      installation,
      scheduleNames: new Set(['always']),
      pendingRecords: { add: () => Promise.reject(new GatewayError('store.unavailable', 'full')) },
      clock: { nowMs: () => 5, monotonicUs: () => 0 },
      random: { bytes: () => new Uint8Array(), id: (prefix) => `${prefix}_1` },
    });
    await expect(run(parsePeopleFile(FILE))).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(await stores.people.find('ann' as PersonId)).toBeNull();
  });
});
