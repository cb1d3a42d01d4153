import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { RegoFile } from '#gateway/ports/rego-toolchain.ts';

/** A trace in JSON is large; beyond it the program is stopped. */
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;

export interface ProgramAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder for one call: the sources below `policy`, everything else beside it. Gone when the call ends. */
export async function withFolder<Result>(
  files: readonly RegoFile[],
  others: ReadonlyMap<string, string>,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-opa-'));
  try {
    for (const [path, text] of [...others, ...files.map((file) => [`policy/${file.path}`, file.text] as const)]) {
      await mkdir(dirname(join(folder, path)), { recursive: true, mode: 0o700 });
      await writeFile(join(folder, path), text, { mode: 0o600 });
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs the program in a folder with no environment. @throws policy.toolchain_timed_out, policy.toolchain_failed */
export async function runOpa(program: string, args: readonly string[], cwd: string, timeoutMs: number): Promise<ProgramAnswer> {
  const overtime = AbortSignal.timeout(timeoutMs);
  const child = spawn(program, args, { cwd, env: {}, stdio: ['ignore', 'pipe', 'pipe'], signal: overtime, killSignal: 'SIGKILL' });
  let lengthBytes = 0;
  const keep = (chunks: Buffer[]) => (chunk: Buffer) => {
    lengthBytes += chunk.length;
    if (lengthBytes <= OUTPUT_BYTES_MAX) chunks.push(chunk);
    else child.kill('SIGKILL');
  };
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', keep(stdout));
  child.stderr.on('data', keep(stderr));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  }).catch((cause: unknown) => {
    if (overtime.aborted) throw new GatewayError('policy.toolchain_timed_out', `opa was stopped after ${String(timeoutMs)} ms`, { cause });
    throw new GatewayError('policy.toolchain_failed', 'opa could not be run', { cause });
  });
  if (exitCode === null) throw new GatewayError('policy.toolchain_failed', 'opa ended without an answer');
  return { exitCode, stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') };
}
