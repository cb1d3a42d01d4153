import { createPlanEngine } from '#adapters/rego/plan/plan-engine.ts';
import { loadPolicyBundle } from '#adapters/rego/wasm/load-policy-bundle.ts';
import { createOpaWasmEngine } from '#adapters/rego/wasm/opa-wasm-engine.ts';
import { createRegoToolchain } from '#adapters/rego-toolchain/rego-toolchain.ts';
import { POLICY, policyEngineContract } from './policy-engine.ts';

const shipped = await loadPolicyBundle();
const entrypoints = [shipped.manifest.entrypoint];
const compiled = await createRegoToolchain().compile({ files: [{ path: 'p.rego', text: POLICY }], entrypoints });
if (!compiled.ok) throw new TypeError(JSON.stringify(compiled.problems));
const { wasm } = compiled;

policyEngineContract('OPA, compiled to WebAssembly', () => createOpaWasmEngine({ ...shipped, wasm }));

const planned = await createRegoToolchain().compile({ files: [{ path: 'p.rego', text: POLICY }], entrypoints, plan: true });
if (!planned.ok) throw new TypeError(JSON.stringify(planned.problems));
const { plan } = planned;
const { entrypoint, revision } = shipped.manifest;

policyEngineContract('the plan, as generated JavaScript', () =>
  Promise.resolve(createPlanEngine({ plan, entrypoint, revision, data: shipped.data })),
);
