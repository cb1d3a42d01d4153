import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../canonical-json.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What a compiled policy consists of. The numeric entrypoint is the module's own business; the name is the contract. */
const contentSchema = z.strictObject({
  opa_version: z.string().min(1),
  entrypoint: z.string().min(1),
  /** File of the bundle -> SHA-256 of its bytes. */
  files: z.strictObject({ 'policy.wasm': sha256, 'data.json': sha256 }),
  /** Rego source, as compiled -> SHA-256 of its text: the evidence of what the module was made from. */
  sources: z.record(z.string(), sha256),
});
export type PolicyManifestContent = z.infer<typeof contentSchema>;

/** policies/dist/manifest.json. `revision` names the policy in every decision. */
export const policyManifestSchema = contentSchema.extend({ revision: sha256 });
export type PolicyManifest = z.infer<typeof policyManifestSchema>;

/** revision = SHA-256 of the canonical JSON of everything else in the manifest, lower-case hex. */
export function policyRevision(content: PolicyManifestContent): string {
  return createHash('sha256').update(canonicalJson(content), 'utf8').digest('hex');
}
