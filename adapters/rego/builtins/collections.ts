import { scan, sizeOf } from '../values/access.ts';
import { equal, sorted } from '../values/compare.ts';
import { RegoSet, typeOf, type RegoValue } from '../values/rego-value.ts';
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

const numbers = (members: readonly RegoValue[]): readonly number[] | undefined =>
  members.every((member) => typeof member === 'number') ? members : undefined; // every one was just looked at

export const collectionBuiltins: Readonly<Record<string, Builtin>> = {
  count: (value) => (value === undefined ? undefined : sizeOf(value)),
  sum: onMembers((members) => numbers(members)?.reduce((total, member) => total + member, 0)),
  product: onMembers((members) => numbers(members)?.reduce((total, member) => total * member, 1)),
  max: onMembers((members) => sorted(members).at(-1)),
  min: onMembers((members) => sorted(members)[0]),
  sort: onMembers((members) => sorted(members)),
  all: onMembers((members) => members.every((member) => member === true)),
  any: onMembers((members) => members.some((member) => member === true)),
  or: onSets((left, right) => new RegoSet([...left.members(), ...right.members()])),
  and: onSets((left, right) => new RegoSet([...left.members()].filter((member) => right.has(member)))),
  minus_set: onSets((left, right) => new RegoSet([...left.members()].filter((member) => !right.has(member)))),
  union: (sets) => combine(sets, (left, right) => new RegoSet([...left.members(), ...right.members()])),
  intersection: (sets) => combine(sets, (left, right) => new RegoSet([...left.members()].filter((member) => right.has(member)))),
  'internal.member_2': (member, collection) => isMember(member, collection),
  'internal.member_3': (key, member, collection) => {
    if (collection === undefined) return false;
    for (const [at, value] of scan(collection)) if (equal(at, key) && equal(value, member)) return true;
    return false;
  },
  'array.concat': (left, right) => (isArray(left) && isArray(right) ? [...left, ...right] : undefined),
  'array.reverse': (array) => (isArray(array) ? [...array].reverse() : undefined),
  'array.slice': (array, from, to) => {
    if (!isArray(array) || typeof from !== 'number' || typeof to !== 'number') return undefined;
    const [start, end] = [Math.max(from, 0), Math.min(to, array.length)];
    return start >= end ? [] : array.slice(start, end);
  },
};

function isArray(value: RegoValue | undefined): value is readonly RegoValue[] {
  return Array.isArray(value);
}

function isMember(member: RegoValue | undefined, collection: RegoValue | undefined): boolean {
  if (member === undefined || collection === undefined) return false;
  if (collection instanceof RegoSet) return collection.has(member);
  for (const [, value] of scan(collection)) if (equal(value, member)) return true;
  return false;
}

function combine(sets: RegoValue | undefined, join: (left: RegoSet, right: RegoSet) => RegoSet): RegoSet | undefined {
  if (sets === undefined || typeOf(sets) !== 'set') return undefined;
  const members = [...(sets as RegoSet).members()];
  if (!members.every((member) => member instanceof RegoSet)) return undefined;
  const [first, ...rest] = members;
  return first === undefined ? new RegoSet() : rest.reduce(join, first);
}
