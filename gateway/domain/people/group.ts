import type { PersonId } from '../site/ids.ts';

/** Longest chain of groups that are members of one another, both ends counted. */
export const GROUP_DEPTH_MAX = 10;
/** Groups that one person may be in: what a decision takes. */
export const PERSON_GROUPS_MAX = 64;

export type GroupMember = { readonly kind: 'person'; readonly id: PersonId } | { readonly kind: 'group'; readonly id: string };

/** A group of a directory outside. Its id stands in `Person.groups` of everybody below it, and in grants. */
export interface GroupHead {
  readonly id: string;
  readonly displayName: string;
  readonly externalId: string | null;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  /** Raised by every change. */
  readonly version: number;
}

export interface DirectoryGroup extends GroupHead {
  readonly members: readonly GroupMember[];
}

/** Under which names a directory outside knows a person. */
export interface DirectoryAccount {
  readonly personId: PersonId;
  readonly userName: string;
  readonly externalId: string | null;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
}

/** Group -> its direct members. */
export type GroupGraph = ReadonlyMap<string, readonly GroupMember[]>;

export interface LabelChange {
  readonly personId: PersonId;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Everybody in the group, directly or through groups in it. */
export function peopleBelow(graph: GroupGraph, groupId: string): ReadonlySet<PersonId> {
  const people = new Set<PersonId>();
  for (const id of groupsBelow(graph, groupId)) {
    for (const member of graph.get(id) ?? []) if (member.kind === 'person') people.add(member.id);
  }
  return people;
}

/** The group and every group in it. */
export function groupsBelow(graph: GroupGraph, groupId: string): ReadonlySet<string> {
  const seen = new Set([groupId]);
  for (const id of seen) {
    for (const member of graph.get(id) ?? []) if (member.kind === 'group') seen.add(member.id);
  }
  return seen;
}

/** The group and every group that it is in. */
export function groupsAbove(graph: GroupGraph, groupId: string): ReadonlySet<string> {
  const parents = new Map<string, string[]>();
  for (const [id, members] of graph) {
    for (const member of members) if (member.kind === 'group') parents.set(member.id, [...(parents.get(member.id) ?? []), id]);
  }
  const seen = new Set([groupId]);
  for (const id of seen) for (const parent of parents.get(id) ?? []) seen.add(parent);
  return seen;
}

/** What is wrong with how the group is nested: it is in itself, or a chain through it is longer than GROUP_DEPTH_MAX. */
export function findNestingProblem(graph: GroupGraph, groupId: string): 'cycle' | 'too_deep' | null {
  const above = groupsAbove(graph, groupId);
  const isInItself = (graph.get(groupId) ?? []).some((member) => member.kind === 'group' && above.has(member.id));
  if (isInItself) return 'cycle';
  return [...above].some((top) => heightOf(graph, top) > GROUP_DEPTH_MAX) ? 'too_deep' : null;
}

/** By levels, so that no number of ways to a group costs more than one; ends above the limit. */
function heightOf(graph: GroupGraph, top: string): number {
  let level = new Set([top]);
  let height = 0;
  while (level.size > 0 && height <= GROUP_DEPTH_MAX) {
    height += 1;
    const next = new Set<string>();
    for (const id of level) for (const member of graph.get(id) ?? []) if (member.kind === 'group') next.add(member.id);
    level = next;
  }
  return height;
}

/**
 * Whose groups change when the members of `groupId` become others. Groups above it are followed; what somebody has through another way, or
 * from elsewhere than these groups, stays. @param after without an entry of the group it is gone
 */
export function findLabelChanges(before: GroupGraph, after: GroupGraph, groupId: string): readonly LabelChange[] {
  const changes = new Map<PersonId, { readonly added: string[]; readonly removed: string[] }>();
  const changeOf = (id: PersonId) => {
    const change = changes.get(id) ?? { added: [], removed: [] };
    changes.set(id, change);
    return change;
  };
  for (const label of groupsAbove(before, groupId)) {
    const old = peopleBelow(before, label);
    const now = peopleBelow(after, label);
    for (const id of old) if (!now.has(id)) changeOf(id).removed.push(label);
    for (const id of now) if (!old.has(id)) changeOf(id).added.push(label);
  }
  return [...changes].map(([personId, change]) => ({ personId, ...change }));
}

/** The person's groups after a change; those that come from elsewhere stay. */
export function relabel(groups: readonly string[], { added, removed }: Pick<LabelChange, 'added' | 'removed'>): readonly string[] {
  const gone = new Set(removed);
  return [...new Set([...groups.filter((group) => !gone.has(group)), ...added])];
}
