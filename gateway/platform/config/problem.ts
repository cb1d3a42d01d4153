import type { FieldProblem } from '../../domain/field-problem.ts';

/** Problems shown at once; a file with more of them is wrong in a way that the first ones explain. */
export const PROBLEMS_SHOWN_MAX = 20;

export function toPath(segments: readonly PropertyKey[]): string {
  return segments
    .map((segment, index) => (typeof segment === 'number' ? `[${segment}]` : `${index === 0 ? '' : '.'}${String(segment)}`))
    .join('');
}

export function toProblemText(problems: readonly FieldProblem[]): string {
  const lines = problems
    .slice(0, PROBLEMS_SHOWN_MAX)
    .map((problem) => `  ${problem.path === '' ? '(the file)' : problem.path}: ${problem.message}`);
  const hidden = problems.length - lines.length;
  return hidden === 0 ? lines.join('\n') : `${lines.join('\n')}\n  and ${hidden} more`;
}
