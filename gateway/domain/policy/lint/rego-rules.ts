import type { RevisionFile } from '../revision.ts';

/** One expression of a rule's body, with its place; strings keep their text. */
export interface RegoExpression {
  readonly text: string;
  readonly row: number;
  readonly col: number;
}

/** One rule as its text says it. The compiler has accepted the text before: what is not understood here is left alone. */
export interface RegoRule {
  readonly file: string;
  readonly name: string;
  /** `contains "code" if ...`: what it adds; null for a rule of another form. */
  readonly member: string | null;
  readonly row: number;
  readonly lastRow: number;
  readonly head: string;
  readonly body: readonly RegoExpression[];
}

/** Comments as spaces, so that rows and columns stay. */
export function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|`[^`]*`|#[^\n]*/g, (found) => (found.startsWith('#') ? ' '.repeat(found.length) : found));
}

/** String contents as underscores, so that nothing in them looks like code. */
export function withoutStrings(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|`[^`]*`/g, (found) => found[0] + found.slice(1, -1).replace(/[^\n]/g, '_') + found[0]);
}

const HEAD = /^(?:default\s+)?([A-Za-z_][A-Za-z0-9_]*)/;
const NOT_A_RULE = new Set(['package', 'import']);

/** The rules of a file, in order. */
export function rulesOf({ path, text }: RevisionFile): readonly RegoRule[] {
  const lines = withoutComments(text).split('\n');
  const shapes = withoutStrings(lines.join('\n')).split('\n');
  const rules: RegoRule[] = [];
  let start: number | null = null;
  let depth = 0;
  const end = (lastIndex: number): void => {
    if (start !== null) rules.push(ruleOf(path, lines.slice(start, lastIndex + 1), start + 1));
    start = null;
  };
  shapes.forEach((shape, index) => {
    const name = HEAD.exec(shape)?.[1];
    if (depth === 0 && name !== undefined && name !== 'else') {
      end(index - 1);
      start = NOT_A_RULE.has(name) ? null : index;
    }
    depth += [...shape.matchAll(/[{[(]/g)].length - [...shape.matchAll(/[}\])]/g)].length;
  });
  end(lines.length - 1);
  return rules;
}

function ruleOf(file: string, lines: readonly string[], row: number): RegoRule {
  const used = lines.findLastIndex((line) => line.trim() !== '');
  const text = lines.slice(0, used + 1).join('\n');
  const shape = withoutStrings(text);
  const bodyAt = /\bif\b/.exec(shape);
  const head = (bodyAt === null ? text : text.slice(0, bodyAt.index)).trim();
  return {
    file,
    name: HEAD.exec(head)?.[1] ?? '',
    member: /\bcontains\s+"((?:[^"\\]|\\.)*)"/.exec(head)?.[1] ?? null,
    row,
    lastRow: row + used,
    head,
    body: bodyAt === null ? [] : expressionsOf(text, shape, bodyAt.index + 'if'.length, row),
  };
}

/** Expressions between the braces, or the one that stands without. */
function expressionsOf(text: string, shape: string, from: number, firstRow: number): readonly RegoExpression[] {
  const open = /^\s*\{/.exec(shape.slice(from));
  const begin = open === null ? from : from + open[0].length;
  const last = open === null ? text.length : shape.lastIndexOf('}');
  const found: RegoExpression[] = [];
  let depth = 0;
  let start = begin;
  for (let index = begin; index <= last; index += 1) {
    const letter = shape[index] ?? '\n';
    const atEnd = index === last;
    if (!atEnd && '{[('.includes(letter)) depth += 1;
    if (!atEnd && '}])'.includes(letter)) depth -= 1;
    if (!atEnd && (depth > 0 || (letter !== '\n' && letter !== ';'))) continue;
    const raw = text.slice(start, index);
    if (raw.trim() !== '') found.push({ text: raw.trim(), ...placeOf(text, start + raw.search(/\S/), firstRow) });
    start = index + 1;
  }
  return found;
}

function placeOf(text: string, offset: number, firstRow: number): { readonly row: number; readonly col: number } {
  const before = text.slice(0, offset);
  return { row: firstRow + [...before.matchAll(/\n/g)].length, col: offset - (before.lastIndexOf('\n') + 1) + 1 };
}
