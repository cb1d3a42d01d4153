import { readFile } from 'node:fs/promises';
import { HOST_BUILTINS } from '#gateway/domain/access/host-builtins.ts';
import { policyDataSchema } from '#gateway/domain/access/policy-data.ts';
import { policyRevision, type PolicyManifest, type PolicyManifestContent } from '#gateway/domain/access/policy-manifest.ts';
import { canonicalJson } from '#gateway/domain/canonical-json.ts';
import type { RegoProblem, RegoToolchain } from '#gateway/ports/rego-toolchain.ts';
import { ARTIFACT_DIR, hashOf, readArtifactManifest } from './artifact.ts';
import { POLICIES_DIR, readPolicySchemas, readPolicySources } from './policy-sources.ts';

export const POLICY_ENTRYPOINT = 'gatehouse/access/decision';

export interface CompiledPolicy {
  readonly ok: true;
  /** File name -> bytes, manifest.json included: the content of policies/dist. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const sha256 = (bytes: Uint8Array): string => hashOf(bytes).toString('hex');

/** Compiles the policy of a policies folder into the files of its bundle. The same folder gives the same bytes. */
export async function compilePolicy(
  toolchain: RegoToolchain,
  dir: URL = POLICIES_DIR,
): Promise<CompiledPolicy | { readonly ok: false; readonly problems: readonly RegoProblem[] }> {
  const utf8 = new TextEncoder();
  const sources = await readPolicySources(dir);
  const compiled = await toolchain.compile({
    files: sources,
    schemas: await readPolicySchemas(dir),
    hostBuiltins: HOST_BUILTINS,
    entrypoints: [POLICY_ENTRYPOINT],
  });
  if (!compiled.ok) return compiled;
  const data = policyDataSchema.parse(JSON.parse(await readFile(new URL('data/default.json', dir), 'utf8')));
  const dataBytes = utf8.encode(canonicalJson(data));
  const content: PolicyManifestContent = {
    opa_version: (await readArtifactManifest(ARTIFACT_DIR)).opa_version,
    entrypoint: POLICY_ENTRYPOINT,
    files: { 'policy.wasm': sha256(compiled.wasm), 'data.json': sha256(dataBytes) },
    sources: Object.fromEntries(sources.map((file) => [file.path, sha256(utf8.encode(file.text))])),
  };
  const manifest: PolicyManifest = { ...content, revision: policyRevision(content) };
  return {
    ok: true,
    files: new Map([
      ['policy.wasm', compiled.wasm],
      ['data.json', dataBytes],
      ['manifest.json', utf8.encode(`${JSON.stringify(manifest, null, 2)}\n`)],
    ]),
  };
}
