import { compareText } from '../values/compare.ts';

/**
 * Replaces in one pass from left to right; where several keys match, the first in sorted order counts. An empty key matches between
 * characters. @throws RangeError for an empty key in text beyond ASCII, which compiled policies would cut inside a character
 */
export function replaceAllOf(text: string, replacements: ReadonlyMap<string, string>): string {
  const keys = [...replacements.keys()].sort(compareText);

  if (replacements.has('') && !/^[\x00-\x7f]*$/.test(text)) throw new RangeError('an empty key in text beyond ASCII');
  let [result, at, wasEmpty] = ['', 0, false];
  while (at <= text.length) {
    const key = keys.find((one) => (one === '' ? !wasEmpty : at < text.length && text.startsWith(one, at)));
    if (key !== undefined) result += replacements.get(key) ?? '';
    wasEmpty = key === '';
    if (key !== undefined && key !== '') {
      at += key.length;
    } else if (key === undefined) {
      result += text.charAt(at);
      at += 1;
    }
  }
  return result;
}
