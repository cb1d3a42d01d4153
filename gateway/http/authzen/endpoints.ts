import { decideAll } from '../../app/authzen/evaluations.ts';
import type { Answer, AuthzenClient, Evaluate, Evaluation, RunSearch, Search } from '../../app/authzen/types.ts';
import { readBatch, readQuestion, readSearch } from './requests.ts';

/** What goes back: JSON for an answer, one line of text for an error. */
export type Reply = { readonly status: 200; readonly body: unknown } | { readonly status: 400 | 403 | 413 | 429; readonly message: string };

/** One call of a client that is known, with its body as parsed JSON. */
export interface Call {
  readonly client: AuthzenClient;
  readonly body: unknown;
  /** The caller's own name for the request; empty = none. */
  readonly requestId: string;
}

export type Endpoint = (call: Call) => Promise<Reply>;

/** Exactly what is told of a decision: the order is that of the specification's examples. */
const shown = ({ decision, context }: Evaluation) => (context === undefined ? { decision } : { decision, context });

function toReply(answer: Answer): Reply {
  return answer.kind === 'refused' ? answer : { status: 200, body: shown(answer) };
}

export function createEvaluation(evaluate: Evaluate): Endpoint {
  return async ({ client, body, requestId }) => {
    const question = readQuestion(body);
    if (question.kind === 'unfit') return { status: 400, message: question.message };
    return toReply(await evaluate(client, question.value, requestId));
  };
}

/** An item that fails is a deny of its own, whatever becomes of the others. */
const failed = (status: number, message: string): Evaluation => ({
  kind: 'decided',
  decision: false,
  context: { error: { status, message } },
});

export function createEvaluations(evaluate: Evaluate): Endpoint {
  const single = createEvaluation(evaluate);
  return async (call) => {
    const batch = readBatch(call.body);
    if (batch.kind === 'unfit') return { status: 400, message: batch.message };
    const { items, semantic } = batch.value;
    if (items.length === 0) return single(call);
    const askOne = async (item: unknown): Promise<Evaluation> => {
      const question = readQuestion(item);
      if (question.kind === 'unfit') return failed(400, question.message);
      const answer = await evaluate(call.client, question.value, call.requestId);
      return answer.kind === 'refused' ? failed(answer.status, answer.message) : answer;
    };
    const answers = await decideAll(
      items.map((item) => () => askOne(item)),
      semantic,
    );
    return { status: 200, body: { evaluations: answers.map(shown) } };
  };
}

export function createSearchEndpoint(target: Search['target'], search: RunSearch): Endpoint {
  return async ({ client, body }) => {
    const request = readSearch(target, body);
    if (request.kind === 'unfit') return { status: 400, message: request.message };
    const page = await search(client, request.value.search, request.value.page);
    if (page.kind === 'refused') return page;
    const { results, nextToken } = page;
    return { status: 200, body: { page: { next_token: nextToken, count: results.length }, results } };
  };
}
