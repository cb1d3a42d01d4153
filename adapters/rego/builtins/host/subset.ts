import { get } from '../../values/access.ts';
import { equal, RegoSet, entriesOf, typeOf, type JsonObject, type RegoObject, type RegoValue } from '../../values/rego-value.ts';
import type { Builtin } from '../builtin.ts';

/** Objects member by member and below, sets by their members, arrays as a run of the other, a set in an array in any order. */
export const isSubset: Builtin = (whole, part) => {
  if (whole === undefined || part === undefined) return undefined;
  const [type, partType] = [typeOf(whole), typeOf(part)];
  if (type === 'array' && partType === 'set') return isSetInArray(whole as readonly RegoValue[], part as RegoSet);
  return type === partType ? withinSameType(whole, part) : undefined;
};

/** Undefined for what has no parts. */
function withinSameType(whole: RegoValue, part: RegoValue): boolean | undefined {
  if (whole instanceof RegoSet && part instanceof RegoSet) return [...part.members()].every((member) => whole.has(member));
  if (Array.isArray(whole) && Array.isArray(part)) return isRun(whole as readonly RegoValue[], part as readonly RegoValue[]);
  if (typeOf(whole) !== 'object') return undefined;
  return [...entriesOf(part as JsonObject | RegoObject)].every(([key, member]) => {
    const other = get(whole, key);
    if (other === undefined) return false;
    return equal(other, member) || (typeOf(other) === typeOf(member) && withinSameType(other, member) === true);
  });
}

/** The part as one piece of the whole. */
function isRun(whole: readonly RegoValue[], part: readonly RegoValue[]): boolean {
  if (part.length > whole.length) return false;
  let [start, matched] = [0, 0];
  while (matched < part.length) {
    if (start + matched === whole.length) return false;
    if (equal(whole[start + matched], part[matched])) {
      matched += 1;
    } else {
      start += 1;
      matched = 0;
    }
  }
  return true;
}

/** As OPA counts: a member that the array has twice counts twice. */
function isSetInArray(whole: readonly RegoValue[], part: RegoSet): boolean {
  let unmatched = part.size;
  return whole.some((member) => {
    if (part.has(member)) unmatched -= 1;
    return unmatched === 0;
  });
}
