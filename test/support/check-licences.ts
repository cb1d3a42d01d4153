import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** What may be in the tree that is shipped. Copyleft of whole programs (GPL, AGPL, SSPL) may not; MPL and LGPL are by file and by library. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'LGPL-3.0-or-later',
  'MIT',
  'MPL-2.0',
  'Python-2.0',
  'Unlicense',
]);

/** An SPDX expression is allowed when one choice of every OR, and all parts of every AND, are. */
export function isAllowed(expression: string): boolean {
  return expression
    .replace(/[()]/g, '')
    .split(/ AND /)
    .every((part) => part.split(/ OR /).some((licence) => ALLOWED.has(licence.trim())));
}

interface LockedPackage {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly license?: unknown;
}

/** Refused packages of the production tree with what they say of themselves. */
export function findRefused(packages: Readonly<Record<string, LockedPackage>>): readonly string[] {
  return Object.entries(packages)
    .filter(([path, locked]) => path !== '' && locked.dev !== true)
    .filter(([path, locked]) => !isAllowed(licenceOf(path, locked)))
    .map(([path, locked]) => `${path.replace(/^.*node_modules\//, '')}: ${licenceOf(path, locked)}`);
}

/** The lockfile knows most; old packages say it only in their own package.json, some as an object. */
function licenceOf(path: string, locked: LockedPackage): string {
  if (typeof locked.license === 'string') return locked.license;
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
    const licence = (manifest as { license?: string | { type?: string } }).license;
    return typeof licence === 'string' ? licence : (licence?.type ?? 'none stated');
  } catch {
    // An optional package of another platform: not installed here, and then its licence must be in the lockfile.
    return 'none stated';
  }
}

if (import.meta.main) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, LockedPackage> };
  const refused = findRefused(lock.packages);
  const count = Object.entries(lock.packages).filter(([path, locked]) => path !== '' && locked.dev !== true).length;
  console.log(`licences: ${count} packages of the production tree, ${refused.length} refused`);
  for (const line of refused) console.error(`  ${line}`);
  if (refused.length > 0 || count === 0) process.exitCode = 1;
}
