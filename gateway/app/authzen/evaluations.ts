import type { Evaluation } from './types.ts';

export const SEMANTICS = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const;
export type Semantic = (typeof SEMANTICS)[number];

/** Questions of one request; one more is refused. */
export const EVALUATIONS_MAX = 100;
/** Decided side by side where all are: they then share the log's next write. */
const AT_ONCE_MAX = 16;

/**
 * Decides one after the other until the semantic is satisfied: the answers are those up to and including the deciding one. All of
 * them are decided side by side.
 */
export async function decideAll(questions: readonly (() => Promise<Evaluation>)[], semantic: Semantic): Promise<readonly Evaluation[]> {
  const answers: Evaluation[] = [];
  if (semantic === 'execute_all') {
    for (let start = 0; start < questions.length; start += AT_ONCE_MAX) {
      answers.push(...(await Promise.all(questions.slice(start, start + AT_ONCE_MAX).map((ask) => ask()))));
    }
    return answers;
  }
  const decisive = semantic === 'permit_on_first_permit';
  for (const ask of questions) {
    const answer = await ask();
    answers.push(answer);
    if (answer.decision === decisive) break;
  }
  return answers;
}
