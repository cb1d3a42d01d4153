import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from './find-program.ts';
import { GO, requirePeer } from './peers.ts';

/** As in policies/toolchain/go.mod. */
const OPA_VERSION = 'v1.22.2';
const CACHE_DIR = fileURLToPath(new URL(`../../../.cache/opa-${OPA_VERSION}/`, import.meta.url));

/** The one on PATH, or else the one that a test has built before; null when there is neither. */
export function knownOpaProgram(): string | null {
  const built = join(CACHE_DIR, 'opa');
  return findProgram(['opa']) ?? (existsSync(built) ? built : null);
}

/** The `opa` program: the one on PATH, or else built once with Go. @throws Error when there is neither. */
export function opaProgram(): string {
  const program = findProgram(['opa']) ?? join(CACHE_DIR, 'opa');
  if (existsSync(program)) return program;
  const building = join(CACHE_DIR, `building-${String(process.pid)}`);
  mkdirSync(building, { recursive: true });
  // Debian's Go may be older than OPA wants: it fetches the right one by itself.
  const env = { ...process.env, GOBIN: building, GOFLAGS: '', GOTOOLCHAIN: 'auto', CGO_ENABLED: '0' };
  const source = `github.com/open-policy-agent/opa@${OPA_VERSION}`;
  execFileSync(requirePeer(GO), ['install', '-trimpath', '-ldflags=-s -w', source], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  renameSync(join(building, 'opa'), program);
  rmSync(building, { recursive: true });
  return program;
}
