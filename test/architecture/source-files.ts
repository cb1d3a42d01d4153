import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

/** Every folder that may hold TypeScript and is there: git keeps no empty ones. The top level is fixed, so this list is complete. */
export const SOURCE_FOLDERS: readonly string[] = ['gateway', 'adapters', 'face-model', 'admin-ui', 'policies', 'test'].filter((folder) =>
  existsSync(join(ROOT, folder)),
);

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** All TypeScript of the project, whether git knows it yet or not. */
export function listSources(): readonly SourceFile[] {
  return SOURCE_FOLDERS.flatMap((folder) =>
    globSync(`${folder}/**/*.{ts,tsx}`, { cwd: ROOT, exclude: ['**/node_modules/**', 'admin-ui/dist/**'] }),
  )
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}
