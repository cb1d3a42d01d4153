import { expect, it } from 'vitest';
import { createMemoryStores } from '#adapters/memory/create-memory-stores.ts';
import { buildPolicyData, createCurrentData, createReloadPolicyData } from '#gateway/app/policy/build-policy-data.ts';
import { DEFAULT_OPERATOR_ROLES, type PolicyData } from '#gateway/domain/access/policy-data.ts';
import type { AccessProfile, Grant } from '#gateway/domain/people/person.ts';
import type { GrantId, ProfileId } from '#gateway/domain/site/ids.ts';
import { createSiteMap } from '#gateway/domain/site/site-map.ts';
import { sampleInstallation } from '#test/support/sample-installation.ts';
import { stubPolicy } from '#test/support/policy/stub-policy.ts';

const ALWAYS = { always: { weekdays: [1, 2, 3, 4, 5, 6, 7], from_minute: 0, until_minute: 1_440, on_holidays: true } };

const profile = (id: string, ...resources: AccessProfile['resources']): AccessProfile => ({ id: id as ProfileId, name: id, resources });
const grant = (id: string, change: Partial<Grant> = {}): Grant => ({
  id: id as GrantId,
  profileId: 'office' as ProfileId,
  holder: { kind: 'person', id: 'usr_ada' },
  schedule: 'always',
  validFromMs: null,
  validUntilMs: null,
  reason: 'Works here',
  ...change,
});

it('gives a profile with resources of both kinds as one set', () => {
  const { gatehouse } = buildPolicyData([profile('office', { kind: 'door', id: 'main' }, { kind: 'app', id: 'wiki' })], [], ALWAYS);
  expect(gatehouse.profiles).toEqual({ office: { 'door:main': true, 'app:wiki': true } });
});

it('gathers the grants of one holder and keeps a person apart from a group of the same name', () => {
  const grants = [
    grant('grt_1'),
    grant('grt_2', { validFromMs: 5, validUntilMs: 9 }),
    grant('grt_3', { holder: { kind: 'group', id: 'usr_ada' } }),
  ];
  const { gatehouse } = buildPolicyData([profile('office')], grants, ALWAYS);
  expect(gatehouse.grants).toEqual({
    'person:usr_ada': [
      { id: 'grt_1', profile: 'office', schedule: 'always', valid_from_ms: 0, valid_until_ms: 0 },
      { id: 'grt_2', profile: 'office', schedule: 'always', valid_from_ms: 5, valid_until_ms: 9 },
    ],
    'group:usr_ada': [{ id: 'grt_3', profile: 'office', schedule: 'always', valid_from_ms: 0, valid_until_ms: 0 }],
  });
});

it('gives every operator role what it may do, and schedules as they are configured', () => {
  const { gatehouse } = buildPolicyData([], [], ALWAYS);
  expect(gatehouse.operator_roles).toEqual(DEFAULT_OPERATOR_ROLES);
  expect(gatehouse.schedules).toEqual(ALWAYS);
});

it('refuses a row that does not fit the data schema, and the engine keeps what it had', async () => {
  const { grants, policyData } = createMemoryStores();
  await grants.saveProfile(profile('office', { kind: 'door', id: 'main' }));
  await grants.saveGrant(grant('grt_1'));
  const loaded: PolicyData[] = [];
  const policy = { ...stubPolicy(() => undefined), setData: (data: PolicyData) => void loaded.push(data) };
  const currentData = createCurrentData({
    policyData,
    file: { schedules: ALWAYS, holidays: new Map() },
    sites: createSiteMap(sampleInstallation),
  });
  const reload = createReloadPolicyData({ currentData, policy, keepData: () => Promise.resolve() });
  await reload();
  await grants.saveGrant(grant('grt_2', { validFromMs: -1 }));
  await expect(reload()).rejects.toThrow();
  expect(loaded).toHaveLength(1);
  expect(Object.keys(loaded[0]?.gatehouse.grants ?? {})).toEqual(['person:usr_ada']);
});
