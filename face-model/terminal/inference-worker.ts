import { parentPort, workerData } from 'node:worker_threads';
import { analyseFrame } from '../capture/analyse-frame.ts';
import { decodeImage } from '../image/decode-image.ts';
import type { Frame } from '../image/frame.ts';
import { readCode } from '../image/read-code.ts';
import { loadPack, type FacePack } from '../pack/load-pack.ts';
import { PackError } from '../pack/pack-error.ts';
import type { InferenceAsked, InferenceData, InferenceReply } from './inference.ts';

if (parentPort === null) throw new TypeError('inference-worker.ts runs as a thread of the terminal');
const port = parentPort;
const reply = (message: InferenceReply): void => port.postMessage(message);

async function lookAt<Seen>(bytes: Uint8Array, look: (frame: Frame) => Seen | Promise<Seen>): Promise<Seen | null> {
  const decoded = await decodeImage(bytes);
  bytes.fill(0);
  if (decoded.kind !== 'frame') return null;
  try {
    return await look(decoded.frame);
  } finally {
    decoded.frame.rgb.fill(0);
  }
}

async function answer(pack: FacePack, { bytes, wanted }: InferenceAsked): Promise<InferenceReply> {
  if (wanted === 'code') return { kind: 'code', code: await lookAt(bytes, readCode) };
  // A picture that breaks a model is a picture without a face.
  return { kind: 'result', result: await lookAt(bytes, (frame) => analyseFrame(frame, pack)).catch(() => null) };
}

// The terminal's own main thread wrote it. What fails is told and not thrown: an error could overtake what was told, without its class.
const pack = await loadPack(workerData as InferenceData).catch((failure: unknown) => {
  reply({ kind: 'unusable', pack: failure instanceof PackError ? { code: failure.code, subject: failure.subject } : null });
  return null;
});
if (pack !== null) {
  port.on('message', (asked: InferenceAsked) => {
    answer(pack, asked).then(reply, () => reply({ kind: 'code', code: null }));
  });
  reply({ kind: 'ready', packHash: pack.hash, manifest: { thresholds: pack.manifest.thresholds, liveness: pack.manifest.liveness } });
}
