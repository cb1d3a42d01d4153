import { RegoObject, RegoSet, entriesOf, isPlain, typeOf, type JsonObject, type RegoValue } from './rego-value.ts';
import { sorted } from './compare.ts';

/** `value[key]`; undefined where Rego has none, also for scalars. */
export function get(value: RegoValue | undefined, key: RegoValue | undefined): RegoValue | undefined {
  if (typeof value !== 'object' || value === null || key === undefined) return undefined;
  if (Array.isArray(value)) return typeof key === 'number' ? (value[key] as RegoValue | undefined) : undefined;
  if (value instanceof RegoSet) return value.has(key) ? key : undefined;
  if (value instanceof RegoObject) return value.get(key);
  return typeof key === 'string' && Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined;
}

/** Values of a collection, sets sorted, objects in their own order. Nothing for scalars. */
export function valuesOf(value: RegoValue | undefined): readonly RegoValue[] {
  if (typeof value !== 'object' || value === null) return NOTHING;
  if (Array.isArray(value)) return value as readonly RegoValue[];
  if (value instanceof RegoSet) return sorted(value.members());
  if (value instanceof RegoObject) return Array.from(value.entries(), ([, member]) => member);
  return Object.values(value as JsonObject);
}

/** Keys in the order of `values`, which come from `valuesOf`; null where they are the indexes. */
export function keysOf(value: RegoValue | undefined, values: readonly RegoValue[]): readonly RegoValue[] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  if (value instanceof RegoSet) return values;
  if (value instanceof RegoObject) return Array.from(value.entries(), ([key]) => key);
  return Object.keys(value);
}

const NOTHING: readonly RegoValue[] = [];

/** Keys and values of a collection: indexes of arrays, members of sets as both. */
export function scan(value: RegoValue | undefined): readonly (readonly [RegoValue, RegoValue])[] {
  const values = valuesOf(value);
  const keys = keysOf(value, values);
  return values.map((member, index) => [keys === null ? index : (keys[index] as RegoValue), member] as const); // as many keys as values
}

/** Members, characters or 0: `count`. Undefined for what has no size. */
export function sizeOf(value: RegoValue): number | undefined {
  if (typeof value === 'string') return [...value].length;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return value.length;
  if (value instanceof RegoSet || value instanceof RegoObject) return value.size;
  return Object.keys(value).length;
}

/** Both objects in one, member by member; where one of them is no object the first stays. */
export function merge(left: RegoValue | undefined, right: RegoValue | undefined): RegoValue | undefined {
  if (left === undefined) return right;
  if (right === undefined || typeOf(left) !== 'object' || typeOf(right) !== 'object') return left;
  const result = copyOf(right as JsonObject | RegoObject);
  for (const [key, value] of entriesOf(left as JsonObject | RegoObject)) {
    const other = result.get(key);
    result.set(key, other === undefined ? value : (merge(value, other) as RegoValue)); // neither is undefined
  }
  return result;
}

/** `with` on a path: the object copied along the path, missing members made, the rest shared. */
export function upsert(root: RegoValue | undefined, path: readonly string[], value: RegoValue): RegoValue {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  const copy = root !== undefined && typeOf(root) === 'object' ? copyOf(root as JsonObject | RegoObject) : new RegoObject();
  copy.set(first, upsert(copy.get(first), rest, value));
  return copy;
}

/** Plain JSON of a value: sets and built objects become arrays and objects. Keys that are no strings become their JSON text. */
export function toJson(value: RegoValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member: RegoValue) => toJson(member));
  if (value instanceof RegoSet) return sorted(value.members()).map(toJson);
  return Object.fromEntries(
    [...entriesOf(value as JsonObject | RegoObject)].map(([key, member]) => [
      typeof key === 'string' ? key : JSON.stringify(toJson(key)),
      toJson(member),
    ]),
  );
}

function copyOf(object: JsonObject | RegoObject): RegoObject {
  const copy = new RegoObject();
  for (const [key, value] of isPlain(object) ? Object.entries(object) : entriesOf(object)) copy.set(key, value);
  return copy;
}
