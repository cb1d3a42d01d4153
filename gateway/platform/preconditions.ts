import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
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
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const stats = statSync(dataDir);
    if ((stats.mode & 0o077) !== 0) chmodSync(dataDir, 0o700);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new GatewayError('config.invalid', `data_dir: ${dataDir} cannot be made a private, writable folder`, { cause });
  }
}
