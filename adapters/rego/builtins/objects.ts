import { get, merge } from '../values/access.ts';
import { RegoObject, RegoSet, entriesOf, typeOf, type JsonObject, type RegoValue } from '../values/rego-value.ts';
import type { Builtin } from './builtin.ts';
import { membersOf } from './collections.ts';

type AnyObject = JsonObject | RegoObject;

const isObject = (value: RegoValue | undefined): value is AnyObject => value !== undefined && typeOf(value) === 'object';

export const objectBuiltins: Readonly<Record<string, Builtin>> = {
  'object.keys': (object) => (isObject(object) ? new RegoSet([...entriesOf(object)].map(([key]) => key)) : undefined),
  'object.get': (object, key, otherwise) => {
    if (!isObject(object) || key === undefined) return undefined;
    const path = Array.isArray(key) ? (key as readonly RegoValue[]) : [key];
    const found = path.reduce<RegoValue | undefined>(get, object);
    return found === undefined ? otherwise : found;
  },
  'object.remove': (object, keys) => keep(object, keys, false),
  'object.filter': (object, keys) => keep(object, keys, true),
  'object.union': (left, right) => (isObject(left) && isObject(right) ? unite(left, right) : undefined),
  'object.union_n': (objects) => {
    const members = membersOf(objects);
    return members?.every(isObject) === true && members.length > 0 ? members.reduce(unite) : undefined;
  },
};

/** Where both have a key, the right one counts; objects below it are united again. */
function unite(left: AnyObject, right: AnyObject): AnyObject {
  return merge(right, left) as AnyObject; // two objects give an object
}

function keep(object: RegoValue | undefined, keys: RegoValue | undefined, isKept: boolean): RegoValue | undefined {
  const named = isObject(keys) ? [...entriesOf(keys)].map(([key]) => key) : membersOf(keys);
  if (!isObject(object) || named === undefined) return undefined;
  const names = new RegoSet(named);
  const result = new RegoObject();
  for (const [key, value] of entriesOf(object)) if (names.has(key) === isKept) result.set(key, value);
  return result;
}
