import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY_DIR, loadPolicyBundle } from '#adapters/rego/wasm/load-policy-bundle.ts';

let dir = '';
const load = async () => loadPolicyBundle(pathToFileURL(`${dir}/`));

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatehouse-bundle-'));
  await cp(DEFAULT_POLICY_DIR, dir, { recursive: true });
});
afterEach(async () => rm(dir, { recursive: true }));

describe('loadPolicyBundle', () => {
  it('loads what is as it was built', async () => {
    const { manifest, wasm } = await load();
    expect(manifest.entrypoint).toBe('gatehouse/access/decision');
    expect(wasm.length).toBeGreaterThan(100_000);
  });

  it.each(['policy.wasm', 'data.json'])('refuses a %s with one flipped bit', async (name) => {
    const bytes = await readFile(join(dir, name));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(join(dir, name), bytes);
    await expect(load()).rejects.toMatchObject({ code: 'policy.artifact_mismatch' });
  });

  it.each(['policy.wasm', 'data.json', 'manifest.json'])('refuses a bundle without its %s', async (name) => {
    await rm(join(dir, name));
    await expect(load()).rejects.toMatchObject({ code: 'policy.artifact_mismatch' });
  });

  it.each([
    ['another entrypoint', 'gatehouse/access/decision', 'gatehouse/access/allowed!'],
    ['another version', '"opa_version": "v', '"opa_version": "w'],
    ['a field of its own', '"entrypoint"', '"note": "", "entrypoint"'],
    ['cut text', '"revision"', '"revis'],
  ])('refuses a manifest with %s', async (_name, from, to) => {
    const path = join(dir, 'manifest.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(from, to));
    await expect(load()).rejects.toMatchObject({ code: 'policy.artifact_mismatch' });
  });
});
