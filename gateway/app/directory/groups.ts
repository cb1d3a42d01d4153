import { personFacts } from '../../domain/people/directory-facts.ts';
import {
  findLabelChanges,
  findNestingProblem,
  groupsAbove,
  groupsBelow,
  PERSON_GROUPS_MAX,
  relabel,
  type DirectoryGroup,
  type GroupGraph,
  type GroupHead,
  type GroupMember,
  type LabelChange,
} from '../../domain/people/group.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import { DIRECTORY_GROUPS_MAX, GROUP_MEMBERS_MAX, GROUPS_PAGE_MAX } from '../../ports/directory-store.ts';
import { toPendingChange, type DirectoryChange } from '../people/directory-change.ts';
import type { DirectoryClient, DirectoryDeps, GroupInput, GroupOutcome, GroupRefusal } from './types.ts';

/** What is handed to the log without waiting: its queue is also for decisions. */
const RECORDS_AT_ONCE = 100;

export interface DirectoryGroups {
  find(id: string): Promise<DirectoryGroup | null>;
  /** All of them, ordered by id. */
  list(): Promise<readonly GroupHead[]>;
  membersOf(ids: readonly string[]): Promise<GroupGraph>;
  create(client: DirectoryClient, input: GroupInput): Promise<GroupOutcome>;
  /** `change` sees the group as it is in its turn. `expectedVersion` null = any. */
  change(
    client: DirectoryClient,
    id: string,
    expectedVersion: number | null,
    change: (group: DirectoryGroup) => GroupInput,
  ): Promise<GroupOutcome>;
  remove(
    client: DirectoryClient,
    id: string,
    expectedVersion: number | null,
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly code: GroupRefusal }>;
}

type Refusal = Extract<GroupOutcome, { readonly ok: false }>;
const refuse = (code: GroupRefusal, about?: string): Refusal => ({ ok: false, code, ...(about === undefined ? {} : { about }) });

/**
 * Groups of directories outside. Whoever is in one, directly or through a group in it, has its id among their groups as soon as the change
 * is stored, and live sessions that rested on a group which is gone are asked about again.
 */
export function createDirectoryGroups(deps: DirectoryDeps): DirectoryGroups {
  const { directory } = deps;
  const list = async (): Promise<readonly GroupHead[]> => {
    const heads: GroupHead[] = [];
    for (;;) {
      const page = await directory.groups({ after: heads.at(-1)?.id ?? null, limit: GROUPS_PAGE_MAX });
      heads.push(...page);
      if (page.length < GROUPS_PAGE_MAX) return heads;
    }
  };

  return {
    find: (id) => directory.group(id),
    list,
    membersOf: (ids) => directory.membersOf(ids),
    create: (client, input) =>
      deps.takeTurn(async () => {
        const heads = await list();
        if (isNameTaken(heads, null, input)) return refuse('name.taken');
        if (heads.length >= DIRECTORY_GROUPS_MAX) return refuse('groups.too_many');
        const named = toGroupId(input.displayName);
        const id = named === '' || heads.some((head) => head.id === named) ? deps.random.id('grp') : named;
        return write(deps, client, { group: null, id, input });
      }),
    change: (client, id, expectedVersion, change) =>
      deps.takeTurn(async () => {
        const group = await directory.group(id);
        if (group === null) return refuse('resource.unknown');
        if (expectedVersion !== null && group.version !== expectedVersion) return refuse('version.other');
        const input = change(group);
        if (input.displayName !== group.displayName && isNameTaken(await list(), id, input)) return refuse('name.taken');
        return write(deps, client, { group, id, input });
      }),
    remove: (client, id, expectedVersion) =>
      deps.takeTurn(async () => {
        const group = await directory.group(id);
        if (group === null) return refuse('resource.unknown');
        if (expectedVersion !== null && group.version !== expectedVersion) return refuse('version.other');
        const { after, before } = await readGraphs(deps, id, []);
        const gone = new Map([...after].filter(([other]) => other !== id));
        const labels = findLabelChanges(before, gone, id);
        await recordChange(deps, client, { group, after: [], isRemoved: true, labels });
        await directory.removeGroup(id, labels);
        await askAgain(deps, labels);
        return { ok: true };
      }),
  };
}

/** Takes the person out of every group. Within somebody's turn. */
export async function leaveGroups(deps: DirectoryDeps, client: DirectoryClient, personId: PersonId): Promise<void> {
  for (const id of await deps.directory.groupsWith({ kind: 'person', id: personId })) {
    const group = await deps.directory.group(id);
    if (group === null) continue;
    const members = group.members.filter(({ id: memberId, kind }) => kind !== 'person' || memberId !== personId);
    await write(deps, client, { group, id, input: { ...group, members } });
  }
}

/** What stands in grants: `Night shift (Berlin)` is `night-shift-berlin`, for good. Empty where no letter is left. */
export function toGroupId(displayName: string): string {
  const plain = displayName.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '');
}

function isNameTaken(heads: readonly GroupHead[], id: string | null, { displayName }: GroupInput): boolean {
  return heads.some((head) => head.id !== id && head.displayName.toLowerCase() === displayName.toLowerCase());
}

const keyOf = ({ kind, id }: GroupMember): string => `${kind}:${id}`;

async function write(
  deps: DirectoryDeps,
  client: DirectoryClient,
  { group, id, input }: { readonly group: DirectoryGroup | null; readonly id: string; readonly input: GroupInput },
): Promise<GroupOutcome> {
  const members = [...new Map(input.members.map((member) => [keyOf(member), member])).values()];
  if (members.length > GROUP_MEMBERS_MAX) return refuse('members.too_many');
  const known = new Set(group?.members.map(keyOf));
  const unknown = await findUnknown(
    deps,
    id,
    members.filter((member) => !known.has(keyOf(member))),
  );
  if (unknown !== null) return refuse('member.unknown', unknown);
  const { after, before } = await readGraphs(deps, id, members);
  const problem = findNestingProblem(after, id);
  if (problem !== null) return refuse(`nesting.${problem}`);
  const labels = findLabelChanges(before, after, id);
  const crowded = await findCrowded(deps, labels);
  if (crowded !== null) return refuse('person.too_many_groups', crowded);
  const isSame =
    group !== null && group.displayName === input.displayName && group.externalId === input.externalId && known.size === members.length;
  if (isSame && members.every((member) => known.has(keyOf(member)))) return { ok: true, group };
  const nowMs = deps.clock.nowMs();
  const saved = { id, displayName: input.displayName, externalId: input.externalId, members };
  const next: DirectoryGroup = {
    ...saved,
    createdAtMs: group?.createdAtMs ?? nowMs,
    modifiedAtMs: nowMs,
    version: (group?.version ?? 0) + 1,
  };
  await recordChange(deps, client, { group, after: members, next, isRemoved: false, labels });
  await deps.directory.saveGroup(next, labels);
  await askAgain(deps, labels);
  return { ok: true, group: next };
}

async function findUnknown({ directory, people }: DirectoryDeps, groupId: string, members: readonly GroupMember[]): Promise<string | null> {
  for (const member of members) {
    if (member.kind === 'group') {
      if (member.id !== groupId && (await directory.group(member.id)) === null) return member.id;
      continue;
    }
    const person = await people.find(member.id);
    if (person === null || person.standing === 'departed') return member.id;
  }
  return null;
}

/** The groups around `id` with their members, as they are and with its members replaced. */
async function readGraphs(
  { directory }: DirectoryDeps,
  id: string,
  members: readonly GroupMember[],
): Promise<{ readonly before: GroupGraph; readonly after: GroupGraph }> {
  const nesting = await directory.nesting();
  const nested = new Map(nesting).set(
    id,
    members.filter(({ kind }) => kind === 'group'),
  );
  const around = new Set<string>();
  for (const above of groupsAbove(nested, id)) {
    for (const graph of [nesting, nested]) for (const below of groupsBelow(graph, above)) around.add(below);
  }
  const before = new Map([...nesting, ...(await directory.membersOf([...around]))]);
  return { before, after: new Map(before).set(id, members) };
}

/** A person in more groups than a decision takes would be denied everything. */
async function findCrowded({ people }: DirectoryDeps, labels: readonly LabelChange[]): Promise<string | null> {
  for (const change of labels) {
    if (change.added.length === 0) continue;
    const person = await people.find(change.personId);
    if (person !== null && relabel(person.groups, change).length > PERSON_GROUPS_MAX) return change.personId;
  }
  return null;
}

interface Recorded {
  readonly group: DirectoryGroup | null;
  readonly next?: DirectoryGroup;
  readonly after: readonly GroupMember[];
  readonly isRemoved: boolean;
  readonly labels: readonly LabelChange[];
}

/** The group, and everybody whose groups become others. */
async function recordChange(
  deps: DirectoryDeps,
  client: DirectoryClient,
  { after, group, isRemoved, labels, next }: Recorded,
): Promise<void> {
  const changedBy = `scim:${client.id}`;
  const unnamed = [
    ...(next === undefined || group === null || next.displayName === group.displayName ? [] : ['name']),
    ...(next === undefined || group === null || next.externalId === group.externalId ? [] : ['external_id']),
  ];
  const subject = { subjectType: 'group', subjectId: group?.id ?? next?.id ?? '', personId: null } as const;
  const facts = { before: group === null ? null : group.members.map(keyOf), after: after.map(keyOf) };
  const changes: DirectoryChange[] = [{ ...subject, ...facts, unnamed, changedBy, isRemoved }];
  for (const label of labels) {
    const person = await deps.people.find(label.personId);
    if (person === null) continue;
    const relabelled = personFacts({ ...person, groups: relabel(person.groups, label) });
    const about = { subjectType: 'person', subjectId: person.id, personId: person.id } as const;
    changes.push({ ...about, before: personFacts(person), after: relabelled, unnamed: [], changedBy });
  }
  const records = changes.flatMap((change) => toPendingChange(change, deps) ?? []).map(({ record }) => record);
  for (let from = 0; from < records.length; from += RECORDS_AT_ONCE) {
    await Promise.all(records.slice(from, from + RECORDS_AT_ONCE).map((record) => deps.audit.append(record)));
  }
}

/** Doors read the groups at each badge; sessions are asked about now. One that fails is asked about at its next refresh. */
async function askAgain({ endLapsedSessions }: DirectoryDeps, labels: readonly LabelChange[]): Promise<void> {
  for (const { personId } of labels) await endLapsedSessions(personId, 'directory:groups').catch(() => 0);
}
