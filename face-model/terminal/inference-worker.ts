import { parentPort, workerData } from 'node:worker_threads';
import { analyseFrame, type FrameResult } from '../capture/analyse-frame.ts';
import { decodeImage } from '../image/decode-image.ts';
import { loadPack, type FacePack } from '../pack/load-pack.ts';
import { PackError } from '../pack/pack-error.ts';
import type { InferenceData, InferenceReply } from './inference.ts';

if (parentPort === null) throw new TypeError('inference-worker.ts runs as a thread of the terminal');
const port = parentPort;
const reply = (message: InferenceReply): void => port.postMessage(message);

async function analyse(pack: FacePack, bytes: Uint8Array): Promise<FrameResult | null> {
  const decoded = await decodeImage(bytes);
  bytes.fill(0);
  if (decoded.kind !== 'frame') return null;
  try {
    return await analyseFrame(decoded.frame, pack);
  } finally {
    decoded.frame.rgb.fill(0);
  }
}

// The terminal's own main thread wrote it. What fails is told and not thrown: an error could overtake what was told, without its class.
const pack = await loadPack(workerData as InferenceData).catch((failure: unknown) => {
  reply({ kind: 'unusable', pack: failure instanceof PackError ? { code: failure.code, subject: failure.subject } : null });
  return null;
});
if (pack !== null) {
  port.on('message', (bytes: Uint8Array) => {
    analyse(pack, bytes).then(
      (result) => reply({ kind: 'result', result }),
      () => reply({ kind: 'result', result: null }), // A picture that breaks a model is a picture without a face.
    );
  });
  reply({ kind: 'ready', packHash: pack.hash, manifest: { thresholds: pack.manifest.thresholds, liveness: pack.manifest.liveness } });
}
