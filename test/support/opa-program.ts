import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** As in policies/toolchain/go.mod. */
const OPA_VERSION = 'v1.22.2';

function onPath(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/**
 * The `opa` program: the one on PATH, or else built once with Go into the user's cache. Undefined where there is neither, which tests
 * must say.
 */
export function opaProgram(): string | undefined {
  const found = onPath('opa');
  if (found !== undefined) return found;
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'gatehouse', `opa-${OPA_VERSION}`);
  const program = join(folder, 'opa');
  if (existsSync(program)) return program;
  const go = onPath('go') ?? (existsSync('/usr/local/go/bin/go') ? '/usr/local/go/bin/go' : undefined);
  if (go === undefined) return undefined;
  const building = join(folder, `building-${String(process.pid)}`);
  mkdirSync(building, { recursive: true });
  try {
    const env = { ...process.env, GOBIN: building, GOFLAGS: '', CGO_ENABLED: '0' };
    execFileSync(go, ['install', '-trimpath', '-ldflags=-s -w', `github.com/open-policy-agent/opa@${OPA_VERSION}`], {
      env,
      stdio: 'ignore',
    });
    renameSync(join(building, 'opa'), program);
    return program;
  } catch {
    // No module proxy: the same as no program.
    return undefined;
  }
}
