import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { policyDataSchema, type PolicyData } from '../access/policy-data.ts';
import { policyManifestSchema, policyRevision, type PolicyManifest } from '../access/policy-manifest.ts';
import { tryParse } from '../try-parse.ts';

/** A compiled revision as it is kept and loaded. */
export interface CompiledBundle {
  readonly manifest: PolicyManifest;
  readonly wasm: Uint8Array;
  /** Canonical JSON of the data that the policy has until the gateway sets its own. */
  readonly dataJson: string;
  /** The compiler's plan, a JSON value; null when it was compiled without. */
  readonly plan: unknown;
}

/** Signatures are over this text: the hash alone could be one of something else. */
export function signedText(revision: string): Uint8Array {
  return new TextEncoder().encode(`gatehouse:policy-manifest:1:${revision}`);
}

export type BundleFault = 'manifest_malformed' | 'revision_mismatch' | 'file_mismatch' | 'data_malformed';
export type BundleVerdict = { readonly ok: true; readonly data: PolicyData } | { readonly ok: false; readonly fault: BundleFault };

const dataTextSchema = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(policyDataSchema);

/** Whether every byte is what the manifest names and the manifest is the one of this revision. The signature is somebody else's look. */
export function verifyBundle(bundle: CompiledBundle, revision: string): BundleVerdict {
  const parsed = tryParse(policyManifestSchema, bundle.manifest);
  if (!parsed.success) return { ok: false, fault: 'manifest_malformed' };
  const { revision: named, ...content } = parsed.data;
  if (named !== revision || policyRevision(content) !== revision) return { ok: false, fault: 'revision_mismatch' };
  const { files } = content;
  if (!isSha256(bundle.wasm, files['policy.wasm']) || !isSha256(new TextEncoder().encode(bundle.dataJson), files['data.json'])) {
    return { ok: false, fault: 'file_mismatch' };
  }
  const data = tryParse(dataTextSchema, bundle.dataJson);
  return data.success ? { ok: true, data: data.data } : { ok: false, fault: 'data_malformed' };
}

function isSha256(bytes: Uint8Array, expectedHex: string): boolean {
  return timingSafeEqual(createHash('sha256').update(bytes).digest(), Buffer.from(expectedHex, 'hex'));
}
