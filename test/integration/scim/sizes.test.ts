import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DirectoryGroup, GroupMember } from '#gateway/domain/people/group.ts';
import type { PersonId } from '#gateway/domain/site/ids.ts';
import { DIRECTORY_GROUPS_MAX, GROUP_MEMBERS_MAX } from '#gateway/ports/directory-store.ts';
import { LISTED_MEMBERS_MAX } from '#gateway/scim/groups-endpoint.ts';
import { somePerson } from '#test/support/people.ts';
import { startScimSite, type ScimSite } from '#test/support/scim-site.ts';

let site: ScimSite;
beforeEach(async () => {
  site = await startScimSite();
});
afterEach(() => site.close());

const groupOf = (id: string, members: readonly GroupMember[]): DirectoryGroup => ({
  id,
  displayName: id,
  externalId: null,
  members,
  createdAtMs: 1,
  modifiedAtMs: 1,
  version: 1,
});
const membersOf = (count: number): readonly GroupMember[] =>
  Array.from({ length: count }, (_, index) => ({ kind: 'person', id: `usr_${String(index)}` as PersonId }));

/** As large as they may get: put into the store, so that only what is looked at goes through the protocol. */
describe('groups', () => {
  it('have as many members as allowed, and not one more', async () => {
    // The others were members before: who is new is looked up.
    for (const { id } of membersOf(GROUP_MEMBERS_MAX + 1).slice(-2)) await site.people.save({ ...somePerson(id), id: id as PersonId });
    await site.directory.saveGroup(groupOf('all', membersOf(GROUP_MEMBERS_MAX - 1)), []);
    const add = (index: number) =>
      site.patch('/Groups/all', { op: 'add', path: 'members', value: [{ value: `usr_${String(index)}`, type: 'User' }] });

    const atLimit = await add(GROUP_MEMBERS_MAX - 1);
    const above = await add(GROUP_MEMBERS_MAX);

    expect(atLimit.status).toBe(200);
    expect(above).toMatchObject({ status: 400, body: { scimType: 'tooMany' } });
    expect((await site.directory.group('all'))?.members).toHaveLength(GROUP_MEMBERS_MAX);
  });

  it('are as many as allowed, and not one more', async () => {
    for (let index = 1; index < DIRECTORY_GROUPS_MAX; index += 1) await site.directory.saveGroup(groupOf(`g${String(index)}`, []), []);
    expect((await site.call('POST', '/Groups', { displayName: 'The last' })).status).toBe(201);
    expect(await site.call('POST', '/Groups', { displayName: 'One more' })).toMatchObject({ status: 400, body: { scimType: 'tooMany' } });
  });

  it('are listed with as many members in all as allowed, and beyond that without them alone', async () => {
    const half = LISTED_MEMBERS_MAX / 2;
    for (const id of ['first', 'second']) await site.directory.saveGroup(groupOf(id, membersOf(half)), []);
    const atLimit = await site.call('GET', '/Groups');
    expect(atLimit.status).toBe(200);
    expect(atLimit.body.Resources.map(({ members }) => members.length)).toEqual([half, half]);

    await site.directory.saveGroup(groupOf('third', membersOf(1)), []);

    expect(await site.call('GET', '/Groups')).toMatchObject({ status: 400, body: { scimType: 'tooMany' } });
    expect((await site.call('GET', '/Groups?excludedAttributes=members')).body.Resources).toHaveLength(3);
    expect((await site.call('GET', '/Groups?count=2')).status).toBe(200);
  });
});
