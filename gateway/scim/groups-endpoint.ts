import type { DirectoryGroups } from '../app/directory/groups.ts';
import type { GroupInput, GroupOutcome, GroupRefusal } from '../app/directory/types.ts';
import type { DirectoryUsers } from '../app/directory/users.ts';
import { GROUP_DEPTH_MAX, PERSON_GROUPS_MAX, type DirectoryGroup, type GroupHead, type GroupMember } from '../domain/people/group.ts';
import { DIRECTORY_GROUPS_MAX, GROUP_MEMBERS_MAX } from '../ports/directory-store.ts';
import { createEndpoint, toResourceReply, type ScimEndpoint } from './endpoint.ts';
import { readGroup, readGroupPatch, referenceKey, toGroupResource, type MemberReference } from './group-resource.ts';
import { createPage, readListQuery, toListResponse, type ListQuery } from './list-query.ts';
import { isShown, project } from './projection.ts';
import { ScimError, unknownResource, type ScimReply } from './scim-error.ts';

/** Members that one list shows. */
export const LISTED_MEMBERS_MAX = 100_000;

function toGroupError(code: GroupRefusal, about: string): ScimError {
  switch (code) {
    case 'resource.unknown':
      return unknownResource(about);
    case 'version.other':
      return new ScimError(412, null, 'The resource was changed since it was read.');
    case 'name.taken':
      return new ScimError(409, 'uniqueness', 'Another group has this displayName.');
    case 'member.unknown':
      return new ScimError(400, 'invalidValue', `There is no person and no group ${about.slice(0, 128)}.`);
    case 'members.too_many':
      return new ScimError(400, 'tooMany', `A group has ${String(GROUP_MEMBERS_MAX)} members at most.`);
    case 'groups.too_many':
      return new ScimError(400, 'tooMany', `There are ${String(DIRECTORY_GROUPS_MAX)} groups at most.`);
    case 'person.too_many_groups':
      return new ScimError(400, 'tooMany', `${about} would be in more than ${String(PERSON_GROUPS_MAX)} groups.`);
    case 'nesting.cycle':
      return new ScimError(400, 'invalidValue', 'The group would be in itself.');
    case 'nesting.too_deep':
      return new ScimError(400, 'invalidValue', `Groups are nested ${String(GROUP_DEPTH_MAX)} deep at most.`);
  }
}

export function createGroupsEndpoint(groups: DirectoryGroups, users: DirectoryUsers, base: string): ScimEndpoint {
  const answer = (group: DirectoryGroup, status: number, query: URLSearchParams): ScimReply => {
    const { id, version } = group;
    return toResourceReply({ resource: toGroupResource(group, base), location: `${base}/Groups/${id}`, version }, status, query);
  };
  const outcomeReply = (outcome: GroupOutcome, id: string, status: number, query: URLSearchParams): ScimReply => {
    if (!outcome.ok) throw toGroupError(outcome.code, outcome.about ?? id);
    return answer(outcome.group, status, query);
  };
  const resolve = (references: readonly MemberReference[]) => resolveMembers(groups, users, references);
  const readInput = async (body: Readonly<Record<string, unknown>>): Promise<GroupInput> => {
    const { members, ...head } = readGroup(body);
    return { ...head, members: [...(await resolve(members)).values()] };
  };

  return createEndpoint({
    list: ({ query }) => list(groups, base, readListQuery(query), query.get('filter') ?? ''),
    create: async ({ body, client, query }) => outcomeReply(await groups.create(client, await readInput(body)), '', 201, query),
    one: {
      GET: async ({ query }, id) => {
        const group = await groups.find(id);
        if (group === null) throw unknownResource(id);
        return answer(group, 200, query);
      },
      PUT: async ({ body, client, ifMatch, query }, id) => {
        const input = await readInput(body);
        return outcomeReply(await groups.change(client, id, ifMatch, () => input), id, 200, query);
      },
      PATCH: async ({ body, client, ifMatch, query }, id) => {
        const { apply, references } = readGroupPatch(body);
        const known = await resolve(references);
        return outcomeReply(await groups.change(client, id, ifMatch, (group): GroupInput => apply(group, known)), id, 200, query);
      },
      DELETE: async ({ client, ifMatch }, id) => {
        const outcome = await groups.remove(client, id, ifMatch);
        if (!outcome.ok) throw toGroupError(outcome.code, id);
        return { status: 204, body: null };
      },
    },
  });
}

/** What each reference stands for, by `referenceKey`. A client that names no type means a person where there is one. @throws ScimError */
async function resolveMembers(
  groups: DirectoryGroups,
  users: DirectoryUsers,
  references: readonly MemberReference[],
): Promise<ReadonlyMap<string, GroupMember>> {
  const known = new Map<string, GroupMember>();
  for (const reference of references) {
    const [key, { kind, value }] = [referenceKey(reference), reference];
    if (known.has(key)) continue;
    const user = kind === 'group' ? null : await users.find(value);
    if (user !== null) known.set(key, { kind: 'person', id: user.person.id });
    else if (kind !== 'person' && (await groups.find(value)) !== null) known.set(key, { kind: 'group', id: value });
    else throw toGroupError('member.unknown', value);
  }
  return known;
}

async function list(groups: DirectoryGroups, base: string, query: ListQuery, filterText: string): Promise<object> {
  const { filter, projection } = query;
  const heads = await groups.list();
  const isFilteredByMember = filter !== null && /members/i.test(filterText);
  const all = isFilteredByMember ? await groups.membersOf(heads.map(({ id }) => id)) : null;
  const page = createPage<Readonly<Record<string, unknown>> & { readonly id: string }>(query);
  const byId = new Map<string, GroupHead>(heads.map((head) => [head.id, head]));
  for (const head of heads) {
    const resource = toGroupResource({ ...head, members: all?.get(head.id) ?? [] }, base);
    if (filter === null || filter.matches(resource)) page.take(resource);
  }
  const shown = page.end().map(({ id }) => id);
  const members = isShown(projection, 'members') ? (all ?? (await groups.membersOf(shown))) : new Map<string, readonly GroupMember[]>();
  const count = shown.reduce((sum, id) => sum + (members.get(id)?.length ?? 0), 0);
  if (count > LISTED_MEMBERS_MAX)
    throw new ScimError(400, 'tooMany', 'These groups have too many members for one list: ask with excludedAttributes=members.');
  const resources = shown.flatMap((id) => {
    const head = byId.get(id);
    return head === undefined ? [] : [project(toGroupResource({ ...head, members: members.get(id) ?? [] }, base), projection)];
  });
  return toListResponse(resources, page.total(), query.startIndex);
}
