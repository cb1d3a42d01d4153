import { get, keysOf, merge, sizeOf, upsert, valuesOf } from '../values/access.ts';
import { equal, RegoObject, RegoSet, typeOf, type RegoType, type RegoValue } from '../values/rego-value.ts';

/** What generated code calls; the same for every evaluation. */
export const library = {
  get,
  equal,
  valuesOf,
  keysOf,
  sizeOf,
  merge,
  upsert,
  /** An object as JSON.parse made it, or an array. */
  isPlain: (value: RegoValue | undefined): boolean =>
    typeof value === 'object' && value !== null && !(value instanceof RegoObject) && !(value instanceof RegoSet),
  isA: (type: RegoType, value: RegoValue | undefined): boolean => value !== undefined && typeOf(value) === type,
  newObject: (): RegoObject => new RegoObject(),
  newSet: (): RegoSet => new RegoSet(),
};
