/** Letters change one by one, as in Go: no character becomes two, and none looks at its neighbours. */
export function toLower(text: string): string {
  return mapped(text, (character) => LOWER.get(character) ?? single(character.toLowerCase(), character));
}

export function toUpper(text: string): string {
  return mapped(text, (character) => UPPER.get(character) ?? single(character.toUpperCase(), character));
}

/** Unicode's White_Space. */
export function isSpace(character: string): boolean {
  return /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/u.test(character);
}

const LOWER: ReadonlyMap<string, string> = new Map([['\u0130', 'i']]);
/** Greek letters with iota below have a simple capital beside the one of two letters. */
const UPPER: ReadonlyMap<string, string> = new Map(
  [
    [0x1f80, 0x1f88, 8],
    [0x1f90, 0x1f98, 8],
    [0x1fa0, 0x1fa8, 8],
    [0x1fb3, 0x1fbc, 1],
    [0x1fc3, 0x1fcc, 1],
    [0x1ff3, 0x1ffc, 1],
  ].flatMap(([small = 0, capital = 0, count = 0]) =>
    Array.from({ length: count }, (_, index) => [String.fromCodePoint(small + index), String.fromCodePoint(capital + index)] as const),
  ),
);

function mapped(text: string, map: (character: string) => string): string {
  let result = '';
  for (const character of text) result += map(character);
  return result;
}

/** Letters that joined Unicode after the version of OPA's WASM, which leaves them as they are. */
const NEWER: readonly (readonly [first: number, last: number])[] = [
  [0x1c89, 0x1c8a],
  [0x2c2f, 0x2c2f],
  [0x2c5f, 0x2c5f],
  [0xa7c0, 0xa7c1],
  [0xa7c7, 0xa7dc],
  [0xa7f5, 0xa7f6],
  [0x10570, 0x105bc],
  [0x10d50, 0x10d85],
  [0x16ea0, 0x16ed3],
];

function single(changed: string, character: string): string {
  if (changed === character || [...changed].length !== 1) return character;
  return isNewer(character) || isNewer(changed) ? character : changed;
}

function isNewer(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return NEWER.some(([first, last]) => code >= first && code <= last);
}
