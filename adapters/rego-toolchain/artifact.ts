import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { z } from 'zod';
import { GatewayError } from '#gateway/domain/errors.ts';
import { withMemoryMaximum } from './memory-limit.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** policies/toolchain/dist/manifest.json: what was built from which versions. */
export const artifactManifestSchema = z.strictObject({
  file: z.literal('gatehouse-rego.wasm.br'),
  compressed_sha256: sha256,
  compressed_bytes: z.int().min(1),
  raw_sha256: sha256,
  raw_bytes: z
    .int()
    .min(1)
    .max(128 * 1024 * 1024),
  go_version: z.string(),
  opa_version: z.string(),
});
export type ArtifactManifest = z.infer<typeof artifactManifestSchema>;

export const MANIFEST_FILE = 'manifest.json';
/** The committed compiler, seen from this file. */
export const ARTIFACT_DIR = new URL('../../policies/toolchain/dist/', import.meta.url);

const decompress = promisify(brotliDecompress);

export function hashOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function assertHash(bytes: Uint8Array, expectedHex: string): void {
  if (!timingSafeEqual(hashOf(bytes), Buffer.from(expectedHex, 'hex'))) {
    throw new GatewayError('policy.artifact_mismatch', 'the policy compiler is not the one whose hash is committed');
  }
}

/** @throws policy.artifact_mismatch */
export async function readArtifactManifest(dir: URL): Promise<ArtifactManifest> {
  try {
    return artifactManifestSchema.parse(JSON.parse(await readFile(new URL(MANIFEST_FILE, dir), 'utf8')));
  } catch (cause) {
    throw new GatewayError('policy.artifact_mismatch', 'the manifest of the policy compiler cannot be read', { cause });
  }
}

/** Reads, verifies and unpacks the compiler: the bytes that Go built. @throws policy.artifact_mismatch */
export async function readArtifact(dir: URL): Promise<Uint8Array> {
  const manifest = await readArtifactManifest(dir);
  try {
    const compressed = await readFile(new URL(manifest.file, dir));
    assertHash(compressed, manifest.compressed_sha256);
    const raw = await decompress(compressed, { maxOutputLength: manifest.raw_bytes });
    assertHash(raw, manifest.raw_sha256);
    return raw;
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    throw new GatewayError('policy.artifact_mismatch', 'the policy compiler cannot be read', { cause });
  }
}

/** Compiles the verified compiler with a memory of at most `memoryPagesMax` pages of 64 KiB. @throws policy.artifact_mismatch */
export async function loadArtifact(dir: URL, memoryPagesMax: number): Promise<WebAssembly.Module> {
  return WebAssembly.compile(withMemoryMaximum(await readArtifact(dir), memoryPagesMax));
}
