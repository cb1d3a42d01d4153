import { accessSync, chmodSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { GatewayError } from '../domain/errors.ts';

/** node:sqlite as it is used, type stripping without a flag. */
export const NODE_VERSION_MIN = [24, 12] as const;

/** What is wrong with the running Node, as a sentence to show; null when nothing is. */
export function checkNodeVersion(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = NODE_VERSION_MIN;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return null;
  return `Gatehouse needs Node ${wantedMajor}.${wantedMinor} or later and runs on ${version}. \`npm start\` brings its own: use it, or node_modules/.bin/node.`;
}

/** @throws config.invalid */
export function assertNodeVersion(version: string): void {
  const problem = checkNodeVersion(version);
  if (problem !== null) throw new GatewayError('config.invalid', problem);
}

/** Whatever this process creates from now on is the owner's alone, also where a library opens the file. */
export function keepNewFilesPrivate(): void {
  process.umask(0o077);
}

/**
 * Creates the data folder if it is absent and takes group and others off it: keys, sessions and the log of who went where are inside.
 * @throws config.invalid it is no folder, belongs to somebody else or cannot be written.
 */
export function prepareDataDir(dataDir: string): void {
  try {
    createFolders(dataDir);
    const stats = statSync(dataDir);
    if (!stats.isDirectory()) throw new Error('it is no folder');
    if ((stats.mode & 0o077) !== 0) chmodSync(dataDir, 0o700);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const remedy = 'Name another one with data_dir or GATEHOUSE_DATA_DIR.';
    throw new GatewayError('config.invalid', `data_dir: ${dataDir} cannot be made a private, writable folder. ${remedy}`, { cause });
  }
}

/**
 * Not mkdir's `recursive`: where the kernel answers "no such file" below a folder that exists, as in /proc, Node 24 creates the parent and
 * tries again for ever.
 */
function createFolders(folder: string): void {
  const missing: string[] = [];
  for (let path = resolve(folder); !existsSync(path); path = dirname(path)) missing.unshift(path);
  for (const path of missing) {
    try {
      mkdirSync(path, { mode: 0o700 });
    } catch (cause) {
      // Another start was faster.
      if (!existsSync(path)) throw cause;
    }
  }
}
