import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalAnswer } from '#adapters/rego/canonical-answer.ts';
import { canonicalJson } from '#gateway/domain/canonical-json.ts';
import { NATIVE_CALLS, policyOfCalls, type BuiltinCall } from '#test/support/policy/builtin-calls.ts';
import { bothEngines } from '#test/support/policy/two-engines.ts';

const CASES_PER_CALL = 400;
const { wasm, plan } = await bothEngines(policyOfCalls(NATIVE_CALLS));

const outcome = (evaluate: (input: unknown) => unknown, input: unknown): unknown => {
  try {
    return evaluate(input);
  } catch {
    return 'failed';
  }
};

/** All cases at once; one by one only when one of them ends the evaluation. */
function outcomes(evaluate: (input: unknown) => unknown, call: string, cases: readonly unknown[]): readonly unknown[] {
  const all = outcome(evaluate, { call, cases });
  if (Array.isArray(all)) return all as readonly unknown[];
  return cases.map((one) => {
    const found = outcome(evaluate, { call, cases: [one] });
    return Array.isArray(found) ? (found[0] as unknown) : found;
  });
}

function differences({ name, args, isSet }: BuiltinCall): readonly unknown[] {
  const cases = fc.sample(args, { numRuns: CASES_PER_CALL, seed: 20_261_122 });
  const [first, second] = [outcomes(wasm, name, cases), outcomes(plan, name, cases)].map((found) =>
    isSet === true ? found.map(canonicalAnswer) : found,
  );
  return cases.flatMap((one, at) =>
    canonicalJson(first?.[at]) === canonicalJson(second?.[at])
      ? []
      : [`${JSON.stringify(one)}: WASM ${JSON.stringify(first?.[at])}, plan ${JSON.stringify(second?.[at])}`],
  );
}

describe('both engines', () => {
  it.each(NATIVE_CALLS.map((call) => [call.name, call] as const))('agree on %s', (_name, call) => {
    expect(differences(call).slice(0, 5)).toEqual([]);
  });
});
