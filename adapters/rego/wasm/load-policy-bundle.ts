import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { policyDataSchema, type PolicyData } from '#gateway/domain/access/policy-data.ts';
import { policyManifestSchema, policyRevision, type PolicyManifest } from '#gateway/domain/access/policy-manifest.ts';
import { GatewayError } from '#gateway/domain/errors.ts';

export interface PolicyBundle {
  readonly manifest: PolicyManifest;
  readonly wasm: Uint8Array;
  /** The data that the policy has until the gateway sets its own. */
  readonly data: PolicyData;
}

/** The committed default policy, seen from this file. */
export const DEFAULT_POLICY_DIR = new URL('../../../policies/dist/', import.meta.url);

function isSha256(bytes: Uint8Array, expectedHex: string): boolean {
  return timingSafeEqual(createHash('sha256').update(bytes).digest(), Buffer.from(expectedHex, 'hex'));
}

async function readVerified(dir: URL, name: keyof PolicyManifest['files'], manifest: PolicyManifest): Promise<Uint8Array> {
  const bytes = await readFile(new URL(name, dir));
  if (!isSha256(bytes, manifest.files[name])) throw new TypeError(`${name} is not the file whose hash the manifest names`);
  return bytes;
}

/**
 * Reads a compiled policy and verifies every file against its manifest, and the manifest against its revision.
 * @throws policy.artifact_mismatch for whatever is missing, malformed or altered
 */
export async function loadPolicyBundle(dir: URL = DEFAULT_POLICY_DIR): Promise<PolicyBundle> {
  try {
    const manifest = policyManifestSchema.parse(JSON.parse(await readFile(new URL('manifest.json', dir), 'utf8')));
    const { revision, ...content } = manifest;
    if (policyRevision(content) !== revision) throw new TypeError('the manifest does not match its revision');
    const wasm = await readVerified(dir, 'policy.wasm', manifest);
    const data = await readVerified(dir, 'data.json', manifest);
    return { manifest, wasm, data: policyDataSchema.parse(JSON.parse(new TextDecoder().decode(data))) };
  } catch (cause) {
    throw new GatewayError('policy.artifact_mismatch', 'the compiled policy is not the one that its manifest names', { cause });
  }
}
