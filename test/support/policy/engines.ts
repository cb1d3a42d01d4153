import { createPlanEngine, type PlanEngine } from '#adapters/rego/plan/plan-engine.ts';
import { loadPolicyBundle, type PolicyBundle } from '#adapters/rego/wasm/load-policy-bundle.ts';
import { createOpaWasmEngine } from '#adapters/rego/wasm/opa-wasm-engine.ts';
import { readPolicySchemas, readPolicySources } from '#adapters/rego-toolchain/policy-sources.ts';
import { createRegoToolchain } from '#adapters/rego-toolchain/rego-toolchain.ts';
import { HOST_BUILTINS } from '#gateway/domain/access/host-builtins.ts';
import type { PolicyData } from '#gateway/domain/access/policy-data.ts';
import type { PolicyEngine } from '#gateway/ports/policy-engine.ts';

/** The policy of the sources, compiled now, in both engines with the same data. */
export async function compiledEngines(
  data?: PolicyData,
): Promise<{ readonly bundle: PolicyBundle; readonly plan: unknown; readonly wasmEngine: PolicyEngine; readonly planEngine: PlanEngine }> {
  const shipped = await loadPolicyBundle();
  const { entrypoint, revision } = shipped.manifest;
  const sources = await readPolicySources();
  const compiled = await createRegoToolchain({ timeoutMs: 100_000 }).compile({
    files: sources,
    schemas: await readPolicySchemas(),
    entrypoints: [entrypoint],
    hostBuiltins: HOST_BUILTINS,
    plan: true,
  });
  if (!compiled.ok) throw new TypeError(JSON.stringify(compiled.problems));
  const bundle = { ...shipped, wasm: compiled.wasm, data: data ?? shipped.data };
  const wasmEngine = await createOpaWasmEngine(bundle);
  return {
    bundle,
    plan: compiled.plan,
    wasmEngine,
    planEngine: createPlanEngine({ plan: compiled.plan, entrypoint, revision, data: bundle.data, sources }),
  };
}
