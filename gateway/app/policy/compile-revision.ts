import { createHash } from 'node:crypto';
import { HOST_BUILTINS } from '../../domain/access/host-builtins.ts';
import { policyRevision, type PolicyManifestContent } from '../../domain/access/policy-manifest.ts';
import type { Finding } from '../../domain/policy/finding.ts';
import type { RevisionFile } from '../../domain/policy/revision.ts';
import type { CompiledBundle } from '../../domain/policy/signed-bundle.ts';
import type { RegoProblem, RegoToolchain } from '../../ports/rego-toolchain.ts';

export interface CompileDeps {
  readonly toolchain: RegoToolchain;
  /** Of the compiler, for the manifest. */
  readonly opaVersion: string;
  /** JSON Schemas that type `input` and `data.gatehouse`. */
  readonly schemas: Readonly<Record<string, unknown>>;
  /** Canonical JSON of the data that a policy has until the gateway sets its own. */
  readonly dataJson: string;
  readonly entrypoint: string;
}

export type CompileRevision = (
  files: readonly RevisionFile[],
) => Promise<{ readonly ok: true; readonly bundle: CompiledBundle } | { readonly ok: false; readonly findings: readonly Finding[] }>;

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** Compiles files into a bundle whose manifest names it: the same files give the same bytes and the same name. */
export function createCompileRevision(deps: CompileDeps): CompileRevision {
  return async (given) => {
    // The order of the committed policy, so that its own files compile to its own hash.
    const files = given.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    const compiled = await deps.toolchain.compile({
      files,
      schemas: deps.schemas,
      hostBuiltins: HOST_BUILTINS,
      entrypoints: [deps.entrypoint],
      plan: true,
    });
    if (!compiled.ok) return { ok: false, findings: compiled.problems.map(toFinding) };
    const content: PolicyManifestContent = {
      opa_version: deps.opaVersion,
      entrypoint: deps.entrypoint,
      files: { 'policy.wasm': sha256(compiled.wasm), 'data.json': sha256(deps.dataJson) },
      sources: Object.fromEntries(files.map(({ path, text }) => [path, sha256(text)])),
    };
    const manifest = { ...content, revision: policyRevision(content) };
    return { ok: true, bundle: { manifest, wasm: compiled.wasm, dataJson: deps.dataJson, plan: compiled.plan } };
  };
}

export function toFinding({ code, message, file, row, col }: RegoProblem): Finding {
  return { code: code.slice(0, 64), severity: 'error', message: message.slice(0, 2_000), file: file.slice(0, 200), row, col };
}
