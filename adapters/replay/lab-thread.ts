import { Worker } from 'node:worker_threads';
import type { LabJob, LabMessage } from './lab-messages.ts';

/** How a thread ended that gave no answer. */
export type Ending = 'cancelled' | 'time' | 'memory' | 'failed';

export interface Run {
  readonly timeoutMs: number;
  readonly heapMb: number;
  readonly signal?: AbortSignal;
  readonly onMessage: (message: LabMessage) => void;
}

export const ENDINGS: Readonly<Record<Ending, string>> = {
  cancelled: 'it was cancelled',
  time: 'it took longer than it may, and was ended',
  memory: 'it took more memory than it may, and was ended',
  failed: 'its thread ended without an answer',
};

/** Starts the thread for one job; it is gone with all its memory when this resolves, in whatever way it ended. */
export async function runThread(workerUrl: URL, job: LabJob, { timeoutMs, heapMb, signal, onMessage }: Run): Promise<Ending> {
  if (signal?.aborted === true) return 'cancelled';
  const worker = new Worker(workerUrl, {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
    env: {},
    execArgv: [],
    name: 'policy-lab',
  });
  let ending: Ending = 'failed';
  const end = (cause: Ending) => (): void => {
    ending = cause;
    void worker.terminate();
  };
  const timer = setTimeout(end('time'), timeoutMs);
  const cancel = end('cancelled');
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await new Promise<Ending>((resolve) => {
      worker.on('message', onMessage);
      worker.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') ending = 'memory';
      });
      worker.on('exit', () => resolve(ending));
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  }
}
