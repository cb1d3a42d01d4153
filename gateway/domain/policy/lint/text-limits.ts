import type { RevisionFile } from '../revision.ts';
import type { Finding } from '../finding.ts';
import { rulesOf, withoutComments, withoutStrings } from './rego-rules.ts';

/** Brackets inside one another. The compiler goes as deep as its text and takes twice the time for each comprehension: it ends without an answer. */
export const NESTING_MAX = 32;
/** Characters of one rule with all of its `else`; the compiler's time grows with the square of it. */
export const RULE_CHARS_MAX = 20_000;

/** What the compiler could not be asked about, with its place: it would end without one. */
export function findTooLarge(files: readonly RevisionFile[]): readonly Finding[] {
  return files.filter(({ path }) => path.endsWith('.rego')).flatMap((file) => [...findTooDeep(file), ...findTooLong(file)]);
}

/** The first place only: everything behind it is as deep. */
function findTooDeep({ path, text }: RevisionFile): readonly Finding[] {
  const shape = withoutStrings(withoutComments(text));
  let [depth, row, lineStart] = [0, 1, 0];
  for (let index = 0; index < shape.length; index += 1) {
    const letter = shape[index] ?? '';
    if (letter === '\n') [row, lineStart] = [row + 1, index + 1];
    else if ('{[('.includes(letter)) depth += 1;
    else if ('}])'.includes(letter)) depth -= 1;
    if (depth <= NESTING_MAX) continue;
    const message = `more than ${NESTING_MAX} brackets stand inside one another`;
    return [{ code: 'lint.nested_too_deep', severity: 'error', message, file: path, row, col: index - lineStart + 1 }];
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
