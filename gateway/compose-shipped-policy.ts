import { readPolicyCaseFiles, readPolicySources, readPolicyTests } from '#adapters/rego-toolchain/policy-sources.ts';
import { loadPolicyBundle } from '#adapters/rego/wasm/load-policy-bundle.ts';
import { canonicalJson } from './domain/canonical-json.ts';
import type { RevisionContent } from './domain/policy/revision.ts';
import type { CompiledBundle } from './domain/policy/signed-bundle.ts';

/** The policy that came with the program, every committed hash verified. @throws policy.artifact_mismatch */
export async function loadShippedBundle(): Promise<CompiledBundle> {
  const { manifest, wasm, data } = await loadPolicyBundle();
  return { manifest, wasm, dataJson: canonicalJson(data), plan: null };
}

/** Its texts, tests and cases. */
export async function readShippedContent(): Promise<RevisionContent> {
  const [files, tests, cases] = await Promise.all([readPolicySources(), readPolicyTests(), readPolicyCaseFiles()]);
  return { files: [...files], tests: [...tests, ...cases] };
}
