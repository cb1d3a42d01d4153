import type { RevisionFile } from '../revision.ts';
import type { Finding } from '../finding.ts';
import { rulesOf, withoutComments, withoutStrings } from './rego-rules.ts';

/** Brackets inside one another: the compiler goes as deep as its text, until its stack is full. */
export const NESTING_MAX = 32;
/** Comprehensions inside one another: each one doubles the compiler's time, and with ten it takes seconds. */
export const COMPREHENSIONS_MAX = 8;
/** Characters of one rule with all of its `else`: the compiler's time grows with the square of it. */
export const RULE_CHARS_MAX = 10_000;

/** What the compiler could not be asked about, with its place: it would end without one. */
export function findTooLarge(files: readonly RevisionFile[]): readonly Finding[] {
  return files.filter(({ path }) => path.endsWith('.rego')).flatMap((file) => [...findTooDeep(file), ...findTooLong(file)]);
}

interface Bracket {
  readonly opener: string;
  readonly row: number;
  readonly col: number;
  /** It holds a bar: a comprehension, or a union, which costs nothing and counts all the same. */
  hasBar: boolean;
  /** Comprehensions inside one another within it. */
  inner: number;
}

/** The first place only: what is around it is as deep. */
function findTooDeep({ path, text }: RevisionFile): readonly Finding[] {
  const shape = withoutStrings(withoutComments(text));
  const open: Bracket[] = [];
  let [row, lineStart] = [1, 0];
  const found = (code: string, what: string, { row, col }: Pick<Bracket, 'row' | 'col'>): readonly Finding[] => [
    { code, severity: 'error', message: `more than ${what} stand inside one another`, file: path, row, col },
  ];
  for (let index = 0; index < shape.length; index += 1) {
    const letter = shape[index] ?? '';
    const innermost = open.at(-1);
    if (letter === '\n') [row, lineStart] = [row + 1, index + 1];
    if (letter === '|' && innermost !== undefined) innermost.hasBar = innermost.opener !== '(';
    if ('{[('.includes(letter)) open.push({ opener: letter, row, col: index - lineStart + 1, hasBar: false, inner: 0 });
    const closed = '}])'.includes(letter) ? open.pop() : undefined;
    if (open.length > NESTING_MAX) return found('lint.nested_too_deep', `${NESTING_MAX} brackets`, open.at(-1) ?? { row, col: 1 });
    if (closed === undefined) continue;
    const inner = closed.inner + (closed.hasBar ? 1 : 0);
    if (inner > COMPREHENSIONS_MAX) return found('lint.nested_too_deep', `${COMPREHENSIONS_MAX} comprehensions`, closed);
    const around = open.at(-1);
    if (around !== undefined) around.inner = Math.max(around.inner, inner);
  }
  return [];
}

function findTooLong(file: RevisionFile): readonly Finding[] {
  const lines = file.text.split('\n');
  return rulesOf(file).flatMap(({ name, row, lastRow }) => {
    const length = lines.slice(row - 1, lastRow).reduce((sum, line) => sum + line.length + 1, 0);
    if (length <= RULE_CHARS_MAX) return [];
    const message = `the rule "${name}" has more than ${RULE_CHARS_MAX} characters: what it lists is data`;
    return [{ code: 'lint.rule_too_long', severity: 'error' as const, message, file: file.path, row, col: 1 }];
  });
}
