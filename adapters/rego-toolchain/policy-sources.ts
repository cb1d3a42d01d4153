import { readdir, readFile } from 'node:fs/promises';
import type { RegoFile } from '#gateway/ports/rego-toolchain.ts';

/** The policies of this repository, seen from this file. */
export const POLICIES_DIR = new URL('../../policies/', import.meta.url);

async function readFolder(dir: URL, folder: string, ending = '.rego'): Promise<RegoFile[]> {
  const names = (await readdir(new URL(`${folder}/`, dir))).filter((name) => name.endsWith(ending)).sort();
  return Promise.all(
    names.map(async (name) => ({ path: `${folder}/${name}`, text: await readFile(new URL(`${folder}/${name}`, dir), 'utf8') })),
  );
}

/** Rego of the policy itself, in the order in which it is compiled and hashed. */
export async function readPolicySources(dir: URL = POLICIES_DIR): Promise<RegoFile[]> {
  return (await Promise.all(['access', 'lib', 'library'].map((folder) => readFolder(dir, folder)))).flat();
}

export async function readPolicyTests(dir: URL = POLICIES_DIR): Promise<RegoFile[]> {
  return readFolder(dir, 'tests');
}

/** Cases as they are kept beside the policy: JSON. */
export async function readPolicyCaseFiles(dir: URL = POLICIES_DIR): Promise<RegoFile[]> {
  return readFolder(dir, 'cases', '.json');
}

/** The schemas that type `input` and `data.gatehouse` when the policy is compiled. */
export async function readPolicySchemas(dir: URL = POLICIES_DIR): Promise<Readonly<Record<string, unknown>>> {
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(new URL(`schema/${name}.schema.json`, dir), 'utf8'));
  return { input: await read('input'), data: await read('data') };
}
