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
import { MARKER_LENGTH_BYTES, type LabFiles, type LabJob } from './lab-messages.ts';
import { createLabQueue } from './lab-queue.ts';
import { ENDINGS, runThread } from './lab-thread.ts';

export interface PolicyLabOptions {
  /** The thread's program; it answers a `LabJob` in its workerData with `LabMessage`s. */
  readonly workerUrl: URL;
  readonly files: LabFiles;
  readonly trialTimeoutMs?: number;
  readonly replayTimeoutMs?: number;
  readonly stepsMax?: number;
  readonly heapMb?: number;
}

/** Threads of their own for drafts: each job has a new one, which is gone with all its memory when the job is over. */
export function createPolicyLab(options: PolicyLabOptions): PolicyLab {
  const { stepsMax = DRAFT_STEPS_MAX, heapMb = LAB_HEAP_MB_MAX } = options;
  const drafts = createLabQueue();
  return {
    trial: ({ bundle, data, inputs }) =>
      drafts.enqueue(async () => {
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
        return { ok: false, fault, name: inputs[index]?.name ?? '', place, message: ENDINGS[fault] };
      }),
    replay: (request, { signal, onProgress }) => {
      const replay = async (): Promise<ReplayOutcome> => {
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
        // Whoever was told that it is cancelled gets no report of it.
        if (signal.aborted) return CANCELLED;
        return outcome ?? { ok: false, fault: ending, message: ENDINGS[ending] };
      };
      return drafts.enqueueCancellable(replay, signal, CANCELLED);
    },
  };
}

const CANCELLED: ReplayOutcome = { ok: false, fault: 'cancelled', message: ENDINGS.cancelled };
