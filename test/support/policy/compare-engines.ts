import type { PolicyEngine } from '#gateway/ports/policy-engine.ts';
import { canonicalJson } from '#gateway/domain/canonical-json.ts';

export interface EngineDifference {
  readonly input: unknown;
  readonly first: string;
  readonly second: string;
}

const utf8 = new TextEncoder();

function outcome(engine: PolicyEngine, input: Uint8Array): string {
  try {
    const answer = engine.evaluate(input);
    return answer === undefined ? 'undefined' : canonicalJson(answer);
  } catch {
    // That both fail is agreement: either way nobody gets in.
    return 'failed';
  }
}

/** Asks both engines and keeps what they do not agree on, `differencesMax` of it; `counts` tells how often each outcome came. */
export function compareEngines(
  first: PolicyEngine,
  second: PolicyEngine,
  inputs: Iterable<unknown>,
  differencesMax = 20,
): {
  readonly inputs: number;
  readonly permits: number;
  readonly failed: number;
  readonly differences: readonly EngineDifference[];
  readonly differenceCount: number;
} {
  const differences: EngineDifference[] = [];
  let [asked, permits, failed, differenceCount] = [0, 0, 0, 0];
  for (const input of inputs) {
    const bytes = utf8.encode(JSON.stringify(input));
    const [one, other] = [outcome(first, bytes), outcome(second, bytes)];
    asked += 1;
    if (one.startsWith('{"allow":true')) permits += 1;
    if (one === 'failed') failed += 1;
    if (one === other) continue;
    differenceCount += 1;
    if (differences.length < differencesMax) differences.push({ input, first: one, second: other });
  }
  return { inputs: asked, permits, failed, differences, differenceCount };
}
