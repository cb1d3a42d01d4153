import { sorted } from '../values/compare.ts';
import { RegoSet, type RegoValue } from '../values/rego-value.ts';
import type { Builtin } from './builtin.ts';

const onText =
  (compute: (text: string, other: string) => RegoValue | undefined): Builtin =>
  (text, other = '') =>
    typeof text === 'string' && typeof other === 'string' ? compute(text, other) : undefined;

const allText = (members: readonly RegoValue[]): readonly string[] | undefined =>
  members.every((member) => typeof member === 'string') ? members : undefined; // every one was just looked at

export const stringBuiltins: Readonly<Record<string, Builtin>> = {
  concat: (delimiter, collection) => {
    if (typeof delimiter !== 'string') return undefined;
    if (collection instanceof RegoSet) return allText(sorted(collection.members()))?.join(delimiter);
    return Array.isArray(collection) ? allText(collection as readonly RegoValue[])?.join(delimiter) : undefined;
  },
  contains: onText((text, part) => text.includes(part)),
  startswith: onText((text, part) => text.startsWith(part)),
  endswith: onText((text, part) => text.endsWith(part)),
  lower: onText((text) => text.toLowerCase()),
  upper: onText((text) => text.toUpperCase()),
  split: onText((text, delimiter) => (delimiter === '' ? [...text] : text.split(delimiter))),
};
