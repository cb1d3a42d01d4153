import { loadPolicyBundle } from '#adapters/opa-wasm/load-policy-bundle.ts';
import { createOpaWasmEngine } from '#adapters/opa-wasm/opa-wasm-engine.ts';
import { createRegoToolchain } from '#adapters/rego-toolchain/rego-toolchain.ts';
import { POLICY, policyEngineContract } from './policy-engine.ts';

const shipped = await loadPolicyBundle();
const entrypoints = [shipped.manifest.entrypoint];
const compiled = await createRegoToolchain().compile({ files: [{ path: 'p.rego', text: POLICY }], entrypoints });
if (!compiled.ok) throw new TypeError(JSON.stringify(compiled.problems));
const { wasm } = compiled;

policyEngineContract('OPA, compiled to WebAssembly', () => createOpaWasmEngine({ ...shipped, wasm }));
