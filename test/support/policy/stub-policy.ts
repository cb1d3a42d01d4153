import type { DecisionInput } from '#gateway/domain/access/decision-input.ts';
import type { PolicyEngine } from '#gateway/ports/policy-engine.ts';

const text = new TextDecoder();

/** An engine that answers by a function: for tests of what surrounds the policy, never of the policy. */
export function stubPolicy(answer: (input: DecisionInput) => unknown): PolicyEngine {
  return {
    revision: 'a'.repeat(64),
    dataRevision: 'b'.repeat(64),
    evaluate: (inputJson) => answer(JSON.parse(text.decode(inputJson)) as DecisionInput),
    setData: () => undefined,
    patchData: () => undefined,
  };
}

export const permitAnswer = (permit: string, obligations: readonly unknown[] = []) => ({
  allow: true,
  permits: [permit],
  denies: [],
  obligations,
  ttl_s: 300,
});

export const denyAnswer = (...denies: readonly string[]) => ({ allow: false, permits: [], denies, obligations: [], ttl_s: 0 });
