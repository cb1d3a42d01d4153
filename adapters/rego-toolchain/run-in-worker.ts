import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { ProgramOutcome, ProgramRun } from './wasi-host.ts';

/** JavaScript heap of the worker; the program's own memory is bounded in the module. */
const WORKER_HEAP_MB_MAX = 128;

/**
 * Runs the program in a thread of its own and terminates it after `timeoutMs`, wherever it is.
 * @throws policy.toolchain_timed_out, policy.toolchain_failed
 */
export async function runInWorker(module: WebAssembly.Module, run: ProgramRun, timeoutMs: number): Promise<ProgramOutcome> {
  const worker = new Worker(new URL('./run-worker.ts', import.meta.url), {
    workerData: { module, run },
    resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB_MAX },
    env: {},
    execArgv: [],
  });
  const overtime = AbortSignal.timeout(timeoutMs);
  const ended = new AbortController();
  const signal = AbortSignal.any([overtime, ended.signal]);
  try {
    const exited = once(worker, 'exit', { signal }).then(() => {
      throw new GatewayError('policy.toolchain_failed', 'the policy compiler ended without an answer');
    });
    const answered = once(worker, 'message', { signal }).then(([outcome]) => outcome as ProgramOutcome);
    return await Promise.race([answered, exited]);
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    if (overtime.aborted) {
      throw new GatewayError('policy.toolchain_timed_out', `the policy compiler was stopped after ${String(timeoutMs)} ms`, { cause });
    }
    throw new GatewayError('policy.toolchain_failed', 'the policy compiler crashed', { cause });
  } finally {
    ended.abort();
    await worker.terminate();
  }
}
