import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Parser } from 'tar';
import { flushDenormals } from './flush-denormals.ts';
import { MANIFEST_FILE, readManifest } from './load-pack.ts';
import type { PackManifest } from './manifest.ts';
import { meshToOnnx } from './mesh-to-onnx.ts';
import { PackError } from './pack-error.ts';

/** Brings a published package as its tarball. @throws any Error when it cannot be had */
export type FetchPackage = (spec: string) => Promise<Uint8Array>;

export interface PreparePackOptions {
  /** Folder of the manifest. */
  readonly from: string;
  /** Folder that appears whole or not at all. */
  readonly to: string;
  readonly fetchPackage: FetchPackage;
}

type Source = PackManifest['sources'][number];

/** Makes the files of a pack out of pinned packages. Each package, each file in it and each result has its hash. @throws PackError */
export async function preparePack({ fetchPackage, from, to }: PreparePackOptions): Promise<void> {
  const { manifest } = await readManifest(from);
  await mkdir(dirname(to), { recursive: true });
  const folder = await mkdtemp(`${to}.`);
  try {
    for (const source of manifest.sources) await makeFiles(source, { fetchPackage, folder, manifest });
    await copyFile(join(from, MANIFEST_FILE), join(folder, MANIFEST_FILE));
    await rm(to, { recursive: true, force: true });
    await rename(folder, to);
  } catch (failure) {
    await rm(folder, { recursive: true, force: true });
    throw failure;
  }
}

interface Making {
  readonly fetchPackage: FetchPackage;
  readonly folder: string;
  readonly manifest: PackManifest;
}

async function makeFiles(source: Source, { fetchPackage, folder, manifest }: Making): Promise<void> {
  const tarball = await fetchPackage(source.spec).catch((cause: unknown) => {
    throw new PackError('pack.source_unavailable', source.spec, { cause });
  });
  if (`sha512-${createHash('sha512').update(tarball).digest('base64')}` !== source.integrity)
    throw new PackError('pack.source_changed', source.spec);
  const contents = await extract(tarball, new Set(source.files.flatMap((file) => file.from)));
  for (const file of source.files) {
    const parts = file.from.map((path, i) => {
      const part = contents.get(path);
      if (part === undefined || sha256(part) !== file.sha256[i]) throw new PackError('pack.source_changed', `${source.spec}: ${path}`);
      return part;
    });
    const made = transform(file.transform, parts);
    const wanted = Object.values(manifest.files).find(({ path }) => path === file.to);
    if (wanted !== undefined && sha256(made) !== wanted.sha256)
      throw new PackError('pack.source_changed', `${file.to}: was made differently`);
    await writeFile(join(folder, file.to), made);
  }
}

function transform(
  kind: Source['files'][number]['transform'],
  [first = new Uint8Array(), second = new Uint8Array()]: readonly Uint8Array[],
): Uint8Array {
  if (kind === 'flush_denormals') return flushDenormals(first).onnx;
  if (kind === 'mesh_to_onnx') return meshToOnnx(Buffer.from(first).toString('utf8'), second);
  return first;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The named files of a tarball, in memory: nothing of a package is written or run. */
async function extract(tarball: Uint8Array, wanted: ReadonlySet<string>): Promise<ReadonlyMap<string, Uint8Array>> {
  const contents = new Map<string, Uint8Array>();
  const parser = new Parser({
    strict: true,
    filter: (path) => wanted.has(path),
    onReadEntry: (entry) => {
      const parts: Uint8Array[] = [];
      entry.on('data', (part: Uint8Array) => parts.push(part));
      entry.on('end', () => contents.set(entry.path, Buffer.concat(parts)));
    },
  });
  await new Promise<void>((resolve, reject) => {
    parser.on('end', resolve);
    parser.on('error', reject);
    parser.end(Buffer.from(tarball));
  });
  return contents;
}

/** `npm pack`: the registry, its credentials and its proxy are the ones that the machine is set up with. */
export function createNpmFetch(deps: {
  readonly run: (args: readonly string[], folder: string) => Promise<void>;
  readonly tmpDir: string;
}): FetchPackage {
  return async (spec) => {
    const folder = await mkdtemp(join(deps.tmpDir, 'gatehouse-pack-'));
    try {
      await deps.run(['pack', spec, '--silent', '--ignore-scripts', '--pack-destination', folder], folder);
      const [name] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
      if (name === undefined) throw new Error(`npm packed nothing of ${spec}`);
      return await readFile(join(folder, name));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}
