import { GatewayError } from '#gateway/domain/errors.ts';
import type { Explanation } from '#gateway/domain/policy/explanation.ts';
import { EXPLAIN_TIMEOUT_MS, LAB_HEAP_MB_MAX, type PolicyExplainer } from '#gateway/ports/policy-lab.ts';
import type { LabFiles } from './lab-messages.ts';
import { createLabQueue } from './lab-queue.ts';
import { ENDINGS, runThread } from './lab-thread.ts';

export interface PolicyExplainerOptions {
  /** The thread's program, that of the policy lab. */
  readonly workerUrl: URL;
  readonly files: LabFiles;
  readonly timeoutMs?: number;
}

/** A thread for each question, one at a time; nobody waits for a replay that takes minutes. */
export function createPolicyExplainer({ workerUrl, files, timeoutMs = EXPLAIN_TIMEOUT_MS }: PolicyExplainerOptions): PolicyExplainer {
  const { enqueue } = createLabQueue();
  return {
    explain: (decisionId) =>
      enqueue(async () => {
        const answers: (Explanation | null)[] = [];
        const ending = await runThread(
          workerUrl,
          { kind: 'explain', decisionId, files },
          {
            timeoutMs,
            heapMb: LAB_HEAP_MB_MAX,
            onMessage: (message) => {
              if (message.kind === 'explained') answers.push(message.explanation);
            },
          },
        );
        const [explanation] = answers;
        if (explanation !== undefined) return explanation;
        throw new GatewayError('policy.evaluation_failed', `The decision could not be explained: ${ENDINGS[ending]}.`);
      }),
  };
}
