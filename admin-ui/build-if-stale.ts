import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const adminUi = fileURLToPath(new URL('.', import.meta.url));
const root = path.join(adminUi, '..');
const stamp = path.join(adminUi, 'dist', '.source-hash');

/** What the bundle is made of: its own sources, the contract with the domain types behind it, and the exact dependencies. */
const sources = [
  'admin-ui/src',
  'admin-ui/public',
  'admin-ui/index.html',
  'admin-ui/vite.config.ts',
  'admin-ui/build-if-stale.ts',
  'gateway/http/contract',
  'gateway/domain',
  'package-lock.json',
];

/** Builds the console only when a source changed since the last build; says nothing when it is current. */
export async function buildIfStale(): Promise<'current' | 'built'> {
  const hash = await hashSources();
  const built = await readFile(stamp, 'utf8').catch(() => '');
  if (built.trim() === hash) return 'current';
  await buildForProduction();
  await mkdir(path.dirname(stamp), { recursive: true });
  await writeFile(stamp, `${hash}\n`);
  return 'built';
}

/** Whatever the caller is, a test run included, what it builds is what is shipped: Vite would take NODE_ENV=test for development. */
async function buildForProduction(): Promise<void> {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    const { build } = await import('vite');
    await build({ configFile: path.join(adminUi, 'vite.config.ts'), mode: 'production', logLevel: 'warn' });
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of await filesUnder(path.join(root, source))) {
      const content = await readFile(file);
      hash.update(`${path.relative(root, file).replaceAll(path.sep, '/')}\0${String(content.length)}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

async function filesUnder(place: string): Promise<readonly string[]> {
  const entries = await readdir(place, { withFileTypes: true, recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (entries === null) return [place];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
}

if (import.meta.main && (await buildIfStale()) === 'built') process.stdout.write('console built\n');
