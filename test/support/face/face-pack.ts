import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extract } from 'tar';
import { readManifest } from '#face-model/pack/load-pack.ts';
import { createNpmFetch, preparePack, type FetchPackage } from '#face-model/pack/prepare-pack.ts';
import { runNpm } from '#face-model/pack/run-npm.ts';

const CACHE = fileURLToPath(new URL('../../../.cache/face', import.meta.url));
export const DEFAULT_PACK_SOURCE = fileURLToPath(new URL('../../../face-model/packs/default', import.meta.url));

/** From the package registry, like everything else that is set up. */
export const fetchFromRegistry: FetchPackage = createNpmFetch({ tmpDir: tmpdir(), run: runNpm });

/** The default pack, prepared once per manifest and kept. Several test processes may do so at once: the last one's, which is the same, stays. */
export async function defaultPackFolder(): Promise<string> {
  const { hash } = await readManifest(DEFAULT_PACK_SOURCE);
  const to = join(CACHE, `pack-${hash.slice(0, 16)}`);
  if (!existsSync(to)) await preparePack({ from: DEFAULT_PACK_SOURCE, to, fetchPackage: fetchFromRegistry });
  return to;
}

/** Six photographs with 22 faces, published with an npm package under the MIT licence; of them two show the same person. */
export async function samplePictures(): Promise<readonly Uint8Array[]> {
  const to = join(CACHE, 'samples-1.7.15');
  if (!existsSync(to)) {
    await mkdir(CACHE, { recursive: true });
    const folder = await mkdtemp(join(CACHE, 'samples.'));
    await writeFile(join(folder, 'package.tgz'), await fetchFromRegistry('@vladmandic/face-api@1.7.15'));
    await extract({
      file: join(folder, 'package.tgz'),
      cwd: folder,
      strip: 2,
      filter: (path) => /^package\/demo\/sample\d\.jpg$/.test(path),
    });
    await rename(folder, to).catch(async () => rm(folder, { recursive: true, force: true }));
  }
  const names = (await readdir(to)).filter((name) => name.endsWith('.jpg')).sort();
  return Promise.all(names.map(async (name) => readFile(join(to, name))));
}
