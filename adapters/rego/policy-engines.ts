import type { PolicyData } from '#gateway/domain/access/policy-data.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { CompiledBundle } from '#gateway/domain/policy/signed-bundle.ts';
import type { PolicyEngines } from '#gateway/ports/policy-engines.ts';
import { createPlanEngine } from './plan/plan-engine.ts';
import { createOpaWasmEngine } from './wasm/opa-wasm-engine.ts';

/** Both engines, made of compiled bundles. */
export function createPolicyEngines(): PolicyEngines {
  return {
    load: (bundle) => createOpaWasmEngine({ manifest: bundle.manifest, wasm: bundle.wasm, data: dataOf(bundle) }),
    trace: (bundle, options = {}) => {
      if (bundle.plan === null) throw new GatewayError('policy.load_failed', 'the policy was kept without its plan');
      const { entrypoint, revision } = bundle.manifest;
      return createPlanEngine({ plan: bundle.plan, entrypoint, revision, data: dataOf(bundle), ...options });
    },
  };
}

/** Its hash was looked at: it is what the compiler's own schema let through. */
function dataOf({ dataJson }: CompiledBundle): PolicyData {
  return JSON.parse(dataJson) as PolicyData;
}
