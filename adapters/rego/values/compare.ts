import type { RegoObject, RegoSet } from './rego-value.ts';
import { entriesOf, exactInteger, typeOf, type JsonObject, type RegoType, type RegoValue } from './rego-value.ts';

/** Rego's order of types. */
const RANK: { readonly [Type in RegoType]: number } = { null: 0, boolean: 1, number: 2, string: 3, array: 4, object: 5, set: 6 };

/** Rego's total order: negative, 0 or positive. Strings by code point, composites member by member in sorted order. */
export function compare(left: RegoValue, right: RegoValue): number {
  const [leftType, rightType] = [typeOf(left), typeOf(right)];
  if (leftType !== rightType) return RANK[leftType] - RANK[rightType];
  if (left === right) return 0;
  switch (leftType) {
    case 'null':
      return 0;
    case 'boolean':
      return Number(left) - Number(right);
    case 'number':
      return compareNumbers(left as number | bigint, right as number | bigint);
    case 'string':
      return compareText(left as string, right as string);
    case 'array':
      return compareMembers(left as readonly RegoValue[], right as readonly RegoValue[]);
    case 'set':
      return compareMembers(sorted((left as RegoSet).members()), sorted((right as RegoSet).members()));
    case 'object':
      return compareObjects(left as JsonObject | RegoObject, right as JsonObject | RegoObject);
  }
}

function compareNumbers(left: number | bigint, right: number | bigint): number {
  if (typeof left !== typeof right) {
    if (typeof left === 'number' && Number.isInteger(left)) return compareNumbers(exactInteger(left), right);
    if (typeof right === 'number' && Number.isInteger(right)) return compareNumbers(left, exactInteger(right));
  }
  return left < right ? -1 : left > right ? 1 : 0;
}

export function sorted(values: Iterable<RegoValue>): RegoValue[] {
  const array = [...values];
  if (array.length < 2) return array;
  return isText(array) ? array.sort(compareText) : array.sort(compare);
}

const isText = (values: RegoValue[]): values is string[] => values.every((value) => typeof value === 'string');

/** UTF-16 and code points differ in order above U+FFFF. */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const difference = left.charCodeAt(at) - right.charCodeAt(at);
    if (difference !== 0) return codePointWeight(left, at) - codePointWeight(right, at);
  }
  return left.length - right.length;
}

/** At the first unit that differs: half of a pair stands above every single unit. */
function codePointWeight(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function compareMembers(left: readonly RegoValue[], right: readonly RegoValue[]): number {
  for (const [index, member] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const difference = compare(member, other);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function compareObjects(left: JsonObject | RegoObject, right: JsonObject | RegoObject): number {
  const [mine, theirs] = [sortedEntries(left), sortedEntries(right)];
  for (const [index, [key, value]] of mine.entries()) {
    const other = theirs[index];
    if (other === undefined) return 1;
    const difference = compare(key, other[0]) || compare(value, other[1]);
    if (difference !== 0) return difference;
  }
  return mine.length - theirs.length;
}

function sortedEntries(object: JsonObject | RegoObject): (readonly [RegoValue, RegoValue])[] {
  return [...entriesOf(object)].sort(([left], [right]) => compare(left, right));
}
