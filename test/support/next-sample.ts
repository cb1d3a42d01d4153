import { execFileSync, type ExecFileSyncOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SAMPLE = fileURLToPath(new URL('../samples/next/', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../.cache/next-sample/', import.meta.url));
const NEXT = 'node_modules/next/dist/bin/next';

/** Nothing is sent to the makers of Next.js. */
export const NEXT_ENV: NodeJS.ProcessEnv = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };
const quietly: ExecFileSyncOptions = { cwd: FOLDER, env: NEXT_ENV, stdio: ['ignore', 'ignore', 'inherit'] };

/**
 * The sample with its packages, built: once for each content of it, under .cache. Its packages are 350 MB, so that they are no
 * dependencies of ours; its own lock file pins them. Needs the package registry the first time.
 */
export function builtNextSample(): string {
  const files = globSync('**/*', { cwd: SAMPLE, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => join(parentPath, name))
    .sort();
  const packages = digestOf(['package.json', 'package-lock.json'].map((name) => join(SAMPLE, name)));
  if (noteOf('packages') !== packages) {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    for (const name of ['package.json', 'package-lock.json']) cpSync(join(SAMPLE, name), join(FOLDER, name));
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], quietly);
    writeFileSync(join(FOLDER, 'packages.txt'), packages);
  }
  const build = digestOf(files);
  if (noteOf('build') !== build) {
    for (const name of ['app', '.next', 'build.txt']) rmSync(join(FOLDER, name), { recursive: true, force: true });
    cpSync(SAMPLE, FOLDER, { recursive: true });
    execFileSync(process.execPath, [NEXT, 'build'], quietly);
    writeFileSync(join(FOLDER, 'build.txt'), build);
  }
  return FOLDER;
}

/** How `next start` is called there. */
export const nextStart = (port: number): readonly string[] => [NEXT, 'start', '--hostname', '127.0.0.1', '--port', String(port)];

function noteOf(name: 'packages' | 'build'): string {
  const file = join(FOLDER, `${name}.txt`);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}
