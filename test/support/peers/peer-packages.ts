import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../../../.cache/', import.meta.url));
const FILES = ['package.json', 'package-lock.json'];

/**
 * npm packages that a test talks to and that are no dependencies of ours: installed under .cache, once for each content of the lock
 * file that lies in `from`. Returns the folder that holds their node_modules. Needs the package registry the first time.
 */
export function peerPackages(from: string, name: string): string {
  const folder = join(CACHE, name);
  const wanted = digestOf(FILES.map((file) => join(from, file)));
  if (noteOf(folder, 'packages') === wanted) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of FILES) cpSync(join(from, file), join(folder, file));
  const options = ['--ignore-scripts', '--no-audit', '--no-fund'];
  execFileSync('npm', ['ci', ...options], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  writeNote(folder, 'packages', wanted);
  return folder;
}

/** Of what the folder was made; empty = it was not, or not to its end. */
export function noteOf(folder: string, step: string): string {
  const file = join(folder, `${step}.txt`);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

export const writeNote = (folder: string, step: string, digest: string): void => writeFileSync(join(folder, `${step}.txt`), digest);

export function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}
