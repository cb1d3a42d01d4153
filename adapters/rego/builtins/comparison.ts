import { compare } from '../values/compare.ts';
import { equal, typeOf, type RegoType } from '../values/rego-value.ts';
import type { Builtin } from './builtin.ts';

const isA =
  (type: RegoType): Builtin =>
  (value) =>
    value !== undefined && typeOf(value) === type;

function ordered(holds: (difference: number) => boolean): Builtin {
  return (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return holds(left - right);
    return left === undefined || right === undefined ? undefined : holds(compare(left, right));
  };
}

export const comparisonBuiltins: Readonly<Record<string, Builtin>> = {
  equal: (left, right) => equal(left, right),
  eq: (left, right) => equal(left, right),
  neq: (left, right) => !equal(left, right),
  gt: ordered((difference) => difference > 0),
  gte: ordered((difference) => difference >= 0),
  lt: ordered((difference) => difference < 0),
  lte: ordered((difference) => difference <= 0),
  is_array: isA('array'),
  is_boolean: isA('boolean'),
  is_null: isA('null'),
  is_number: isA('number'),
  is_object: isA('object'),
  is_set: isA('set'),
  is_string: isA('string'),
  type_name: (value) => (value === undefined ? undefined : typeOf(value)),
};
