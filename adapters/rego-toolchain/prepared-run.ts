import { MessageChannel, Worker } from 'node:worker_threads';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { RunWorkerData } from './run-worker.ts';
import type { ProgramOutcome } from './wasi-host.ts';

/** JavaScript heap of the worker; the program's own memory is bounded in the module. */
const WORKER_HEAP_MB_MAX = 128;

export interface ProgramSetting {
  readonly module: WebAssembly.Module;
  readonly env: readonly string[];
  readonly outputBytesMax: number;
}

/** A program in a thread of its own that has started and waits for its one request. */
export interface PreparedRun {
  /**
   * Gives the request and waits for the answer; the thread is terminated after `timeoutMs`, wherever it is, and in any case when it has
   * answered. Called once. @throws policy.toolchain_timed_out, policy.toolchain_failed
   */
  run(stdin: Uint8Array, timeoutMs: number): Promise<ProgramOutcome>;
  /** Resolves when the thread and its memory are gone; asked for after `run` has settled. */
  ended(): Promise<void>;
  /** Ends it without a request. */
  discard(): void;
}

type Ended = { readonly kind: 'answered'; readonly outcome: ProgramOutcome } | { readonly kind: 'ended'; readonly cause: unknown };

/**
 * Starts the program. Until its first read it does the same for every request: the thread, the instance and what Go sets up, together more
 * than half of a check. It keeps no process alive.
 */
export function prepareRun({ module, env, outputBytesMax }: ProgramSetting): PreparedRun {
  const { port1: port, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(new URL('./run-worker.ts', import.meta.url), {
    workerData: { module, env, outputBytesMax, port: port2, signal } satisfies RunWorkerData,
    transferList: [port2],
    resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB_MAX },
    env: {},
    execArgv: [],
  });
  const end = endOf(worker);
  worker.unref();
  let terminated: Promise<unknown> = Promise.resolve();
  return {
    run: async (stdin, timeoutMs) => {
      worker.ref();
      port.postMessage(stdin);
      Atomics.store(signal, 0, 1);
      Atomics.notify(signal, 0);
      try {
        return await answerOf(end, timeoutMs);
      } finally {
        port.close();
        terminated = worker.terminate();
      }
    },
    ended: async () => {
      await terminated;
    },
    discard: () => {
      port.close();
      // What it would say of its end concerns nobody.
      worker.terminate().catch(() => undefined);
    },
  };
}

function endOf(worker: Worker): Promise<Ended> {
  return new Promise((resolve) => {
    worker.once('message', (outcome: ProgramOutcome) => resolve({ kind: 'answered', outcome }));
    worker.once('error', (cause) => resolve({ kind: 'ended', cause }));
    worker.once('exit', () => resolve({ kind: 'ended', cause: undefined }));
  });
}

async function answerOf(ended: Promise<Ended>, timeoutMs: number): Promise<ProgramOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const overtime = new Promise<'overtime'>((resolve) => {
    timer = setTimeout(() => resolve('overtime'), timeoutMs);
  });
  const end = await Promise.race([ended, overtime]);
  clearTimeout(timer);
  if (end === 'overtime') {
    throw new GatewayError('policy.toolchain_timed_out', `the policy compiler was stopped after ${String(timeoutMs)} ms`);
  }
  if (end.kind === 'answered') return end.outcome;
  throw new GatewayError('policy.toolchain_failed', 'the policy compiler ended without an answer', { cause: end.cause });
}
