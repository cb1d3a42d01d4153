import { Worker } from 'node:worker_threads';
import { GatewayError } from '#gateway/domain/errors.ts';
import {
  DRAFT_STEPS_MAX,
  LAB_HEAP_MB_MAX,
  REPLAY_TIMEOUT_MS,
  TRIAL_TIMEOUT_MS,
  type Place,
  type PolicyLab,
  type ReplayOutcome,
  type TrialOutcome,
} from '#gateway/ports/policy-lab.ts';
import { MARKER_LENGTH_BYTES, type LabFiles, type LabJob, type LabMessage } from './lab-messages.ts';

/** Jobs at once: doors and logins need the other core. */
const RUNNING_MAX = 1;
const WAITING_MAX = 4;

export interface PolicyLabOptions {
  /** The thread's program; it answers a `LabJob` in its workerData with `LabMessage`s. */
  readonly workerUrl: URL;
  readonly files: LabFiles;
  readonly trialTimeoutMs?: number;
  readonly replayTimeoutMs?: number;
  readonly stepsMax?: number;
  readonly heapMb?: number;
}

/** How a thread ended that gave no answer. */
type Ending = 'cancelled' | 'time' | 'memory' | 'failed';

interface Run {
  readonly timeoutMs: number;
  readonly heapMb: number;
  readonly signal?: AbortSignal;
  readonly onMessage: (message: LabMessage) => void;
}

/** Threads of their own for drafts: each job has a new one, which is gone with all its memory when the job is over. */
export function createPolicyLab(options: PolicyLabOptions): PolicyLab {
  const { stepsMax = DRAFT_STEPS_MAX, heapMb = LAB_HEAP_MB_MAX } = options;
  const enqueue = createQueue();
  return {
    trial: ({ bundle, data, inputs }) =>
      enqueue(async () => {
        const marker = new SharedArrayBuffer(MARKER_LENGTH_BYTES);
        let outcome: TrialOutcome | null = null;
        let places: readonly Place[] = [];
        const job: LabJob = { kind: 'trial', bundle, data, inputs, marker, stepsMax };
        const ending = await runThread(options.workerUrl, job, {
          timeoutMs: options.trialTimeoutMs ?? TRIAL_TIMEOUT_MS,
          heapMb,
          onMessage: (message) => {
            if (message.kind === 'places') places = message.places;
            if (message.kind === 'trial') outcome = message.outcome;
          },
        });
        if (outcome !== null) return outcome;
        const [mark = 0, index = 0] = new Int32Array(marker);
        const place = places[mark - 1] ?? null;
        const fault = ending === 'time' || ending === 'memory' ? ending : 'failed';
        return { ok: false, fault, name: inputs[index]?.name ?? '', place, message: TEXTS[fault] };
      }),
    replay: (request, { signal, onProgress }) =>
      enqueue(async () => {
        let outcome: ReplayOutcome | null = null;
        const job: LabJob = { kind: 'replay', request, files: options.files, stepsMax };
        const ending = await runThread(options.workerUrl, job, {
          timeoutMs: options.replayTimeoutMs ?? REPLAY_TIMEOUT_MS,
          heapMb,
          signal,
          onMessage: (message) => {
            if (message.kind === 'progress') onProgress(message.progress);
            if (message.kind === 'replay') outcome = message.outcome;
          },
        });
        return outcome ?? { ok: false, fault: ending, message: TEXTS[ending] };
      }),
  };
}

const TEXTS: Readonly<Record<Ending, string>> = {
  cancelled: 'it was cancelled',
  time: 'it took longer than it may, and was ended',
  memory: 'it took more memory than it may, and was ended',
  failed: 'its thread ended without an answer',
};

/** Resolves when the thread has ended, in whatever way. */
async function runThread(workerUrl: URL, job: LabJob, { timeoutMs, heapMb, signal, onMessage }: Run): Promise<Ending> {
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

function createQueue(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running === RUNNING_MAX) {
      if (waiting.length === WAITING_MAX) throw new GatewayError('request.rate_limited', 'Other drafts are being tried: try again later.');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
