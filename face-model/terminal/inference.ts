import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FrameResult } from '../capture/analyse-frame.ts';
import type { LoadPackOptions } from '../pack/load-pack.ts';
import type { PackManifest } from '../pack/manifest.ts';
import { PackError } from '../pack/pack-error.ts';

export type InferenceData = LoadPackOptions;
export type InferenceReply =
  | { readonly kind: 'ready'; readonly packHash: string; readonly manifest: Pick<PackManifest, 'thresholds' | 'liveness'> }
  /** `pack`: what is wrong with it; null = something else is. */
  | { readonly kind: 'unusable'; readonly pack: Pick<PackError, 'code' | 'subject'> | null }
  /** Null: it was no picture. */
  | { readonly kind: 'result'; readonly result: FrameResult | null }
  | { readonly kind: 'code'; readonly code: Uint8Array | null };
/** What is to be looked for in a picture. */
export interface InferenceAsked {
  readonly wanted: 'face' | 'code';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The models in a thread of their own: one picture at a time, and the terminal goes on meanwhile. */
export interface Inference {
  readonly packHash: string;
  readonly manifest: Pick<PackManifest, 'thresholds' | 'liveness'>;
  /** `bytes` are handed over. Null: it is no picture, or an earlier one is not done: a camera sends the next soon. */
  analyse(bytes: Uint8Array<ArrayBuffer>): Promise<FrameResult | null>;
  /** What a QR code in it says; the rest as above. No model looks at it. */
  readCode(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array | null>;
  /** Rejects when the thread ends without having been told to. */
  readonly ended: Promise<never>;
  stop(): Promise<void>;
}

/** @throws PackError, Error the models cannot be used */
export async function startInference(data: InferenceData): Promise<Inference> {
  const worker = new Worker(new URL('./inference-worker.ts', import.meta.url), { workerData: data, name: 'faces' });
  const [first] = (await once(worker, 'message')) as [InferenceReply];
  if (first.kind !== 'ready') {
    await worker.terminate();
    // An error loses its class on the way between threads.
    if (first.kind === 'unusable' && first.pack !== null) throw new PackError(first.pack.code, first.pack.subject);
    throw new Error(first.kind === 'unusable' ? 'the models cannot be loaded' : 'the models answered before they were loaded');
  }
  let waiting: ((reply: InferenceReply | null) => void) | null = null;
  let isStopped = false;
  const settle = (reply: InferenceReply | null): void => {
    waiting?.(reply);
    waiting = null;
  };
  const ask = (asked: InferenceAsked): Promise<InferenceReply | null> => {
    if (waiting !== null || isStopped) return Promise.resolve(null);
    return new Promise((resolve) => {
      waiting = resolve;
      worker.postMessage(asked, [asked.bytes.buffer]);
    });
  };
  worker.on('message', settle);
  const { promise: ended, reject } = Promise.withResolvers<never>();
  ended.catch(() => undefined); // Whoever runs the terminal waits for it; a test may not.
  const onEnd = (cause?: unknown): void => {
    settle(null);
    if (!isStopped) reject(new Error('the thread of the models has ended', { cause }));
  };
  worker.on('error', onEnd);
  worker.on('exit', () => onEnd());
  return {
    packHash: first.packHash,
    manifest: first.manifest,
    analyse: async (bytes) => {
      const reply = await ask({ wanted: 'face', bytes });
      return reply?.kind === 'result' ? reply.result : null;
    },
    readCode: async (bytes) => {
      const reply = await ask({ wanted: 'code', bytes });
      return reply?.kind === 'code' ? reply.code : null;
    },
    ended,
    stop: async () => {
      isStopped = true;
      await worker.terminate();
    },
  };
}
