import { builtins } from '#adapters/rego/builtins/builtins.ts';
import { PlanRuntime, STEPS_MAX } from '#adapters/rego/plan/plan-runtime.ts';
import { planSchema } from '#adapters/rego/plan/plan-schema.ts';
import { translatePlan } from '#adapters/rego/plan/translate-plan.ts';
import { get, toJson } from '#adapters/rego/values/access.ts';
import { EVALUATION_PAGES_MAX, PolicyInstance } from '#adapters/rego/wasm/policy-instance.ts';
import { createRegoToolchain } from '#adapters/rego-toolchain/rego-toolchain.ts';
import type { RegoValue } from '#adapters/rego/values/rego-value.ts';
import { HOST_BUILTINS } from '#gateway/domain/access/host-builtins.ts';

export interface BothEngines {
  /** Answers as they come, in no canonical order. Undefined when the rule is; throws what the engine throws. */
  readonly wasm: (input: unknown) => unknown;
  readonly plan: (input: unknown) => unknown;
}

/** `p.decision` of one file in both engines. */
export async function bothEngines(text: string): Promise<BothEngines> {
  const entrypoint = 'p/decision';
  const compiled = await createRegoToolchain({ timeoutMs: 100_000 }).compile({
    files: [{ path: 'p.rego', text }],
    entrypoints: [entrypoint],
    hostBuiltins: HOST_BUILTINS,
    plan: true,
  });
  if (!compiled.ok) throw new TypeError(JSON.stringify(compiled.problems));
  const module = await WebAssembly.compile(compiled.wasm);
  const program = translatePlan(planSchema.parse(compiled.plan), { entrypoint, builtins, reports: false });
  const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  const make = (): PolicyInstance =>
    new PolicyInstance({ module, entrypoint, dataJson: encode({}), evaluationPagesMax: EVALUATION_PAGES_MAX });
  let instance = make();
  return {
    wasm: (input) => {
      try {
        return instance.evaluate(encode(input));
      } catch (error) {
        instance = make();
        throw error;
      }
    },
    plan: (input) => {
      const runtime = new PlanRuntime(program, STEPS_MAX, null);
      program.run(runtime, JSON.parse(JSON.stringify(input)) as RegoValue, {});
      const answer = get(runtime.onlyAnswer, 'result');
      return answer === undefined ? undefined : toJson(answer);
    },
  };
}
