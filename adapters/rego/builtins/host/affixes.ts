import type { RegoValue } from '../../values/rego-value.ts';
import type { Builtin } from '../builtin.ts';
import { membersOf } from '../collections.ts';

/** One string or a collection of strings; undefined for anything else. */
function textsOf(value: RegoValue | undefined): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  const members = membersOf(value);
  return members?.every((member) => typeof member === 'string') === true ? members : undefined;
}

/** Whether any of the texts has any of the affixes. */
export function affixMatch(has: (text: string, affix: string) => boolean): Builtin {
  return (texts, affixes) => {
    const [searched, wanted] = [textsOf(texts), textsOf(affixes)];
    if (searched === undefined || wanted === undefined) return undefined;
    return searched.some((text) => wanted.some((affix) => has(text, affix)));
  };
}

/** Matches that do not overlap; of nothing, one before each character and one at the end. */
export const countOf: Builtin = (text, part) => {
  if (typeof text !== 'string' || typeof part !== 'string') return undefined;
  return part === '' ? [...text].length + 1 : text.split(part).length - 1;
};

/** Where a text occurs, in characters; occurrences may overlap. */
export const indexesOf: Builtin = (text, part) => {
  if (typeof text !== 'string' || typeof part !== 'string' || part === '') return undefined;
  const found: number[] = [];
  let [characters, from] = [0, 0];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    characters += [...text.slice(from, at)].length;
    from = at;
    found.push(characters);
  }
  return found;
};
