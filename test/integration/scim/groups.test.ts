import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GROUP_DEPTH_MAX, PERSON_GROUPS_MAX } from '#gateway/domain/people/group.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { PATCH_OPERATIONS_MAX } from '#gateway/scim/patch-operations.ts';
import { personId, somePerson } from '#test/support/people.ts';
import { startScimSite, type ScimSite } from '#test/support/scim-site.ts';

const ANN = personId('ann');
const BOB = personId('bob');

let site: ScimSite;
beforeEach(async () => {
  site = await startScimSite();
  await site.people.save(somePerson('ann', { groups: ['night-shift'] }));
  await site.people.save(somePerson('bob', { groups: [] }));
});
afterEach(() => site.close());

const makeGroup = (displayName: string, ...members: readonly string[]) =>
  site.call('POST', '/Groups', { displayName, members: members.map((value) => ({ value })) });
const groupsOf = async (id: PersonId) => (await site.people.find(id))?.groups;

describe('SCIM groups', () => {
  it('makes a group whose id is its name and stands in the groups of its members, and records both', async () => {
    const made = await makeGroup('Nachtschicht (Köln)', ANN);
    expect([made.status, made.body.id]).toEqual([201, 'nachtschicht-koln']);
    expect(await groupsOf(ANN)).toEqual(['night-shift', 'nachtschicht-koln']);
    expect(site.askedAgain).toEqual([ANN]);
    const log = (await site.audit.read({ from: { afterSeq: 0 }, limit: 10 })).map(({ record }) => record);
    expect(log).toMatchObject([
      { subjectType: 'group', subjectId: 'nachtschicht-koln', change: 'added', changes: [`+person:${ANN}`], operatorId: 'scim:hr' },
      { subjectType: 'person', subjectId: ANN, change: 'replaced', changes: ['+group:nachtschicht-koln'], operatorId: 'scim:hr' },
    ]);
  });

  it('keeps the id when the name changes, refuses a name that another group has, and gives a free id to a name like an old one', async () => {
    await makeGroup('Sales', ANN);
    const renamed = await site.patch('/Groups/sales', { op: 'replace', value: { id: 'sales', displayName: 'Revenue' } });
    expect(renamed.body).toMatchObject({ id: 'sales', displayName: 'Revenue' });
    const taken = await makeGroup('REVENUE');
    expect([taken.status, taken.body.scimType]).toEqual([409, 'uniqueness']);
    expect((await makeGroup('Sales')).body.id).toMatch(/^grp_/);
    expect((await makeGroup('夜班')).body.id).toMatch(/^grp_/);
  });

  it.each([
    ['Entra adds', { op: 'Add', path: 'members', value: [{ value: BOB }] }, [ANN, BOB]],
    ['Entra removes with a value', { op: 'Remove', path: 'members', value: [{ value: ANN }] }, []],
    ['Okta removes with a filter', { op: 'remove', path: `members[value eq "${ANN}"]` }, []],
    ['all are removed', { op: 'remove', path: 'members' }, []],
    ['Okta replaces', { op: 'replace', path: 'members', value: [{ value: BOB, display: 'bob' }] }, [BOB]],
    ['nothing changes twice', { op: 'add', value: { members: [{ value: ANN }] } }, [ANN]],
  ])('follows when %s', async (_what, operation, expected) => {
    await makeGroup('Sales', ANN);
    const answer = await site.patch('/Groups/sales', operation);
    expect(answer.status).toBe(200);
    expect(answer.body.members.map(({ value }) => value)).toEqual(expected);
    expect((await groupsOf(ANN))?.includes('sales')).toBe((expected as readonly string[]).includes(ANN));
    expect((await groupsOf(BOB))?.includes('sales')).toBe((expected as readonly string[]).includes(BOB));
  });

  it('follows through groups in groups, and keeps what somebody has another way', async () => {
    await makeGroup('Inner', ANN);
    await makeGroup('Middle', 'inner', BOB);
    await makeGroup('Outer', 'middle');
    expect(await groupsOf(ANN)).toEqual(['night-shift', 'inner', 'middle', 'outer']);
    await site.patch('/Groups/outer', { op: 'add', path: 'members', value: [{ value: ANN, type: 'User' }] });
    await site.patch('/Groups/middle', { op: 'remove', path: 'members[value eq "inner"]' });
    expect(await groupsOf(ANN)).toEqual(['night-shift', 'inner', 'outer']);
    await site.call('DELETE', '/Groups/middle');
    expect(await groupsOf(BOB)).toEqual([]);
    expect((await site.call('GET', '/Groups/outer')).body.members).toHaveLength(1);
  });

  it('keeps a group of the same id when a person is deleted', async () => {
    await site.people.save({ ...somePerson('ops', { groups: [] }), id: 'ops' as PersonId });
    await makeGroup('Ops', ANN);
    await makeGroup('Both');
    for (const type of ['Group', 'User']) await site.patch('/Groups/both', { op: 'add', path: 'members', value: [{ value: 'ops', type }] });
    expect(await groupsOf(ANN)).toEqual(['night-shift', 'ops', 'both']);
    expect((await site.call('DELETE', '/Users/ops')).status).toBe(204);
    expect((await site.call('GET', '/Groups/both')).body.members).toMatchObject([{ value: 'ops', type: 'Group' }]);
    expect(await groupsOf(ANN)).toEqual(['night-shift', 'ops', 'both']);
  });

  it('takes a person and a group of one id in one request, and removes the one that is named', async () => {
    await site.people.save({ ...somePerson('ops', { groups: [] }), id: 'ops' as PersonId });
    await makeGroup('Ops', ANN);
    const [person, group] = ['User', 'Group'].map((type) => ({ value: 'ops', type }));
    const made = await site.call('POST', '/Groups', { displayName: 'Both', members: [person, group] });
    expect(made.body.members).toMatchObject([person, group]);
    expect((await site.patch('/Groups/both', { op: 'remove', path: 'members', value: [person] })).body.members).toMatchObject([group]);
    await site.patch('/Groups/both', { op: 'add', path: 'members', value: [person] });
    expect((await site.patch('/Groups/both', { op: 'remove', path: 'members', value: [{ value: 'ops' }] })).body.members).toEqual([]);
  });

  it('finds the groups that have members, and those that have none', async () => {
    await makeGroup('Some', ANN);
    await makeGroup('Empty');
    const found = async (filter: string) =>
      (await site.call('GET', `/Groups?filter=${encodeURIComponent(filter)}`)).body.Resources.map(
        (group) => (group as unknown as { displayName: string }).displayName,
      );
    expect([await found('members pr'), await found('not (members pr)')]).toEqual([['Some'], ['Empty']]);
  });

  it('refuses a group in itself, at any distance', async () => {
    await makeGroup('A');
    await makeGroup('B', 'a');
    for (const member of ['a', 'b']) {
      const answer = await site.patch('/Groups/a', { op: 'add', path: 'members', value: [{ value: member, type: 'Group' }] });
      expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidValue']);
    }
  });

  it('nests as deep as allowed and no deeper', async () => {
    await makeGroup('G1', ANN);
    for (let i = 2; i <= GROUP_DEPTH_MAX; i += 1) expect((await makeGroup(`G${String(i)}`, `g${String(i - 1)}`)).status).toBe(201);
    expect((await makeGroup('Over', `g${String(GROUP_DEPTH_MAX)}`)).status).toBe(400);
    expect(await groupsOf(ANN)).toHaveLength(GROUP_DEPTH_MAX + 1);
    // From below too.
    const below = await makeGroup('Below', ANN);
    expect((await site.patch('/Groups/g1', { op: 'add', path: 'members', value: [{ value: below.body.id }] })).status).toBe(400);
  });

  it('gives a person as many groups as a decision takes, and not one more', async () => {
    await site.people.save(somePerson('bob', { groups: Array.from({ length: PERSON_GROUPS_MAX - 1 }, (_, i) => `g${String(i)}`) }));
    expect((await makeGroup('Last', BOB)).status).toBe(201);
    const over = await makeGroup('Over', BOB);
    expect([over.status, over.body.scimType]).toEqual([400, 'tooMany']);
    expect(await groupsOf(BOB)).toHaveLength(PERSON_GROUPS_MAX);
  });

  it('refuses members that are nobody and writes over no version that was not read', async () => {
    expect((await makeGroup('Sales', 'usr_nobody')).body.scimType).toBe('invalidValue');
    await makeGroup('Sales');
    const put = { displayName: 'Sales', members: [{ value: ANN }] };
    expect((await site.call('PUT', '/Groups/sales', put, { 'if-match': 'W/"1"' })).headers.get('etag')).toBe('W/"2"');
    expect((await site.call('PUT', '/Groups/sales', { displayName: 'Sales' }, { 'if-match': 'W/"1"' })).status).toBe(412);
    expect(await groupsOf(ANN)).toContain('sales');
  });

  it('lists by name and by member, and leaves members out where they are not wanted', async () => {
    await makeGroup('Sales', ANN);
    await makeGroup('Support', ANN, BOB);
    const ask = async (query: string) => (await site.call('GET', `/Groups?${query}`)).body;
    expect((await ask(`filter=${encodeURIComponent('displayName eq "sales"')}`)).Resources.map(({ id }) => id)).toEqual(['sales']);
    expect((await ask(`filter=${encodeURIComponent(`members.value eq "${BOB}"`)}`)).Resources.map(({ id }) => id)).toEqual(['support']);
    expect((await ask('excludedAttributes=members')).Resources[0]).not.toHaveProperty('members');
    expect((await ask('sortBy=displayName&sortOrder=descending')).Resources.map(({ id }) => id)).toEqual(['support', 'sales']);
  });

  it('takes as many operations in one PATCH as allowed and no more', async () => {
    await makeGroup('Sales');
    const operations = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ op: 'replace', path: 'displayName', value: `N${String(i)}` }));
    expect((await site.patch('/Groups/sales', ...operations(PATCH_OPERATIONS_MAX))).status).toBe(200);
    expect((await site.patch('/Groups/sales', ...operations(PATCH_OPERATIONS_MAX + 1))).body.scimType).toBe('tooMany');
  });
});
