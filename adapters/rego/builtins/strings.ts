import { sorted } from '../values/compare.ts';
import { integerOf, isNumber } from '../values/decimal.ts';
import type { RegoObject } from '../values/rego-value.ts';
import { RegoSet, entriesOf, typeOf, type JsonObject, type RegoValue } from '../values/rego-value.ts';
import type { Builtin } from './builtin.ts';
import { replaceAllOf } from './replace-all-of.ts';
import { isSpace, toLower, toUpper } from './letters.ts';

const onText =
  (compute: (text: string) => RegoValue | undefined): Builtin =>
  (text) =>
    typeof text === 'string' ? compute(text) : undefined;

const onTexts =
  (compute: (text: string, other: string) => RegoValue | undefined): Builtin =>
  (text, other) =>
    typeof text === 'string' && typeof other === 'string' ? compute(text, other) : undefined;

const allText = (members: readonly RegoValue[]): readonly string[] | undefined =>
  members.every((member) => typeof member === 'string') ? members : undefined; // every one was just looked at

const INT32_MAX = 2 ** 31 - 1;
/** WASM (OPA 1.22) cuts binary numbers of more digits off, and two engines must not differ. */
const FORMAT_DIGITS_MAX = 20;
const BASES: ReadonlySet<number> = new Set([2, 8, 10, 16]);

export const stringBuiltins: Readonly<Record<string, Builtin>> = {
  concat: (delimiter, collection) => {
    if (typeof delimiter !== 'string') return undefined;
    if (collection instanceof RegoSet) return allText(sorted(collection.members()))?.join(delimiter);
    return Array.isArray(collection) ? allText(collection as readonly RegoValue[])?.join(delimiter) : undefined;
  },
  contains: onTexts((text, part) => text.includes(part)),
  startswith: onTexts((text, part) => text.startsWith(part)),
  endswith: onTexts((text, part) => text.endsWith(part)),
  lower: onText(toLower),
  upper: onText(toUpper),
  split: onTexts((text, delimiter) => (delimiter === '' ? [...text] : text.split(delimiter))),
  indexof: onTexts((text, part) => {
    const at = text.indexOf(part);
    return at < 0 ? -1 : [...text.slice(0, at)].length;
  }),
  substring: (text, offset, length) => {
    const [start, count] = [integerOf(offset), integerOf(length)];
    if (typeof text !== 'string' || start === undefined || count === undefined || start < 0) return undefined;
    return [...text].slice(start, count < 0 ? undefined : start + count).join('');
  },
  replace: (text, old, replacement) => {
    if (typeof text !== 'string' || typeof old !== 'string' || typeof replacement !== 'string') return undefined;
    if (old === '' && text !== '') throw new RangeError('nothing cannot be replaced');
    return old === '' ? '' : text.replaceAll(old, () => replacement);
  },
  'strings.replace_n': (patterns, text) => {
    if (patterns === undefined || typeof text !== 'string' || typeOf(patterns) !== 'object') return undefined;
    const pairs = [...entriesOf(patterns as JsonObject | RegoObject)];
    if (!pairs.every((pair): pair is [string, string] => pair.every((part) => typeof part === 'string'))) return undefined;
    return replaceAllOf(text, new Map(pairs));
  },
  'strings.reverse': onText((text) => [...text].reverse().join('')),
  trim: onTexts((text, cutset) => trimEnd(trimStart(text, cutset), cutset)),
  trim_left: onTexts(trimStart),
  trim_right: onTexts(trimEnd),
  trim_prefix: onTexts((text, prefix) => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  trim_suffix: onTexts((text, suffix) => (text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text)),
  trim_space: onText((text) => trimWhere(text, isSpace, isSpace)),
  format_int: (value, base) => {
    if (!isNumber(value) || typeof base !== 'number' || !BASES.has(base)) return undefined;
    const integer = Math.trunc(Number(value));
    if (Math.abs(integer) > INT32_MAX) throw new RangeError('the number has more than 32 bits');
    return (integer + 0).toString(base).slice(0, integer < 0 ? FORMAT_DIGITS_MAX + 1 : FORMAT_DIGITS_MAX);
  },
};

const nothing = (): boolean => false;

function trimStart(text: string, cutset: string): string {
  const cut = new Set(cutset);
  return trimWhere(text, (character) => cut.has(character), nothing);
}

function trimEnd(text: string, cutset: string): string {
  const cut = new Set(cutset);
  return trimWhere(text, nothing, (character) => cut.has(character));
}

/** By characters, not by halves of them. */
function trimWhere(text: string, atStart: (character: string) => boolean, atEnd: (character: string) => boolean): string {
  const characters = [...text];
  let [from, to] = [0, characters.length];
  while (from < to && atStart(characters[from] ?? '')) from += 1;
  while (to > from && atEnd(characters[to - 1] ?? '')) to -= 1;
  return characters.slice(from, to).join('');
}
