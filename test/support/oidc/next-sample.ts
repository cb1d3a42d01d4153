import { execFileSync } from 'node:child_process';
import { cpSync, globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf, noteOf, peerPackages, writeNote } from '../peers/peer-packages.ts';

const SAMPLE = fileURLToPath(new URL('../../samples/next/', import.meta.url));
const NEXT = 'node_modules/next/dist/bin/next';

/** Nothing is sent to the makers of Next.js. */
export const NEXT_ENV: NodeJS.ProcessEnv = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };

/** The sample with its packages, built once for each content of it, under .cache: the packages are 350 MB. */
export function builtNextSample(): string {
  const folder = peerPackages(SAMPLE, 'next-sample');
  const files = globSync('**/*', { cwd: SAMPLE, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => join(parentPath, name))
    .sort();
  const wanted = digestOf(files);
  if (noteOf(folder, 'build') === wanted) return folder;
  for (const name of ['app', '.next', 'build.txt']) rmSync(join(folder, name), { recursive: true, force: true });
  cpSync(SAMPLE, folder, { recursive: true });
  execFileSync(process.execPath, [NEXT, 'build'], { cwd: folder, env: NEXT_ENV, stdio: ['ignore', 'ignore', 'inherit'] });
  writeNote(folder, 'build', wanted);
  return folder;
}

/** How `next start` is called there. */
export const nextStart = (port: number): readonly string[] => [NEXT, 'start', '--hostname', '127.0.0.1', '--port', String(port)];
