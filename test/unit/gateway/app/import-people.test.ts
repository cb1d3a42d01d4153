import { describe, expect, it } from 'vitest';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { createImportPeople, type ImportSummary } from '#gateway/app/people/import-people.ts';
import type { CredentialId, PersonId } from '#gateway/domain/site/ids.ts';
import { parsePeopleFile, type PeopleFileInput } from '#gateway/platform/people-file.ts';
import { parseConfig } from '#gateway/platform/config/load-config.ts';
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
