import { get, scan, sizeOf, valuesOf } from '../values/access.ts';
import { sorted } from '../values/compare.ts';
import { integerOf } from '../values/decimal.ts';
import { equal, RegoSet, typeOf, type RegoValue } from '../values/rego-value.ts';
import type { Builtin } from './builtin.ts';

/** Members of an array or set; undefined for anything else. */
export function membersOf(value: RegoValue | undefined): readonly RegoValue[] | undefined {
  if (value instanceof RegoSet) return sorted(value.members());
  return Array.isArray(value) ? (value as readonly RegoValue[]) : undefined;
}

const onMembers =
  (compute: (members: readonly RegoValue[]) => RegoValue | undefined): Builtin =>
  (value) => {
    const members = membersOf(value);
    return members === undefined ? undefined : compute(members);
  };

const onSets =
  (compute: (left: RegoSet, right: RegoSet) => RegoSet): Builtin =>
  (left, right) =>
    left instanceof RegoSet && right instanceof RegoSet ? compute(left, right) : undefined;

export const collectionBuiltins: Readonly<Record<string, Builtin>> = {
  count: (value) => (value === undefined ? undefined : sizeOf(value)),
  max: onMembers((members) => sorted(members).at(-1)),
  min: onMembers((members) => sorted(members)[0]),
  sort: onMembers((members) => sorted(members)),
  all: onMembers((members) => members.every((member) => member === true)),
  any: onMembers((members) => members.some((member) => member === true)),
  or: onSets(unionOf),
  and: onSets((left, right) => new RegoSet([...left.members()].filter((member) => right.has(member)))),
  set_diff: onSets((left, right) => new RegoSet([...left.members()].filter((member) => !right.has(member)))),
  union: (sets) => combine(sets, unionOf),
  intersection: (sets) => combine(sets, (left, right) => new RegoSet([...left.members()].filter((member) => right.has(member)))),
  'internal.member_2': (member, collection) => isMember(member, collection),
  'internal.member_3': (key, member, collection) => {
    const found = get(collection, key);
    return found !== undefined && equal(found, member);
  },
  'array.concat': (left, right) => (isArray(left) && isArray(right) ? [...left, ...right] : undefined),
  'array.reverse': (array) => (isArray(array) ? [...array].reverse() : undefined),
  'array.flatten': (array) => (isArray(array) ? array.flatMap((member) => (isArray(member) ? member : [member])) : undefined),
  'array.slice': (array, from, to) => {
    const [start, end] = [integerOf(from), integerOf(to)];
    if (!isArray(array) || start === undefined || end === undefined) return undefined;
    return array.slice(Math.max(start, 0), Math.max(end, 0));
  },
  'graph.reachable': (graph, start) => {
    const queue = membersOf(start)?.slice();
    if (graph === undefined || typeOf(graph) !== 'object' || queue === undefined) return undefined;
    const reached = new RegoSet();
    for (const node of queue) {
      const edges = get(graph, node);
      if (edges === undefined || reached.has(node)) continue;
      reached.add(node);
      for (const next of membersOf(edges) ?? []) if (!reached.has(next)) queue.push(next);
    }
    return reached;
  },
  walk: (value) => {
    const found: RegoValue[] = [];
    if (value !== undefined) walkInto(value, [], found);
    return value === undefined ? undefined : found;
  },
};

/** Nothing changes a set once it is whole, so that one may stand for both. */
function unionOf(left: RegoSet, right: RegoSet): RegoSet {
  if (left.size === 0) return right;
  if (right.size === 0) return left;
  const result = new RegoSet(left.members());
  for (const member of right.members()) result.add(member);
  return result;
}

/** Every value below, with the path to it: itself first, then member by member. */
function walkInto(value: RegoValue, path: readonly RegoValue[], found: RegoValue[]): void {
  found.push([path, value]);
  for (const [key, member] of scan(value)) walkInto(member, [...path, key], found);
}

function isArray(value: RegoValue | undefined): value is readonly RegoValue[] {
  return Array.isArray(value);
}

function isMember(member: RegoValue | undefined, collection: RegoValue | undefined): boolean {
  if (member === undefined || collection === undefined) return false;
  if (collection instanceof RegoSet) return collection.has(member);
  for (const value of valuesOf(collection)) if (equal(value, member)) return true;
  return false;
}

function combine(sets: RegoValue | undefined, join: (left: RegoSet, right: RegoSet) => RegoSet): RegoSet | undefined {
  if (sets === undefined || typeOf(sets) !== 'set') return undefined;
  const members = [...(sets as RegoSet).members()];
  if (!members.every((member) => member instanceof RegoSet)) return undefined;
  const [first, ...rest] = members;
  return first === undefined ? new RegoSet() : rest.reduce(join, first);
}
