import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { analyseFrame } from '#face-model/capture/analyse-frame.ts';
import { decodeImage } from '#face-model/image/decode-image.ts';
import type { Frame } from '#face-model/image/frame.ts';
import { loadPack, type FacePack } from '#face-model/pack/load-pack.ts';
import { detectFaces } from '#face-model/stages/detect-faces.ts';
import { embedFace } from '#face-model/stages/embed-face.ts';
import { findLandmarks } from '#face-model/stages/find-landmarks.ts';
import { scoreLiveness } from '#face-model/stages/score-liveness.ts';
import { percentile, report, round } from '#test/support/bench/bench-report.ts';
import { defaultPackFolder, samplePictures } from '#test/support/face/face-pack.ts';

/*
 * One face in a frame of 640 by 480: each stage and the whole, one thread; then whole frames per second of two threads, as two cameras
 * would have them. A verification takes at least five frames.
 */
const ROUNDS = 60;
const WARM_UPS = 5;
const SHARED_RUN_MS = 5_000;
const FRAMES_PER_VERIFICATION = 5;

async function oneFace(pack: FacePack): Promise<Uint8Array> {
  for (const picture of await samplePictures()) {
    const decoded = await decodeImage(picture);
    if (decoded.kind !== 'frame') continue;
    const { frame } = decoded;
    const [face] = await detectFaces(frame, pack.models.detector, pack.manifest.detector);
    if (face === undefined) continue;
    const height = Math.min(frame.height, Math.ceil(face.height * 2));
    const width = Math.min(frame.width, Math.ceil((height * 4) / 3));
    const left = Math.min(Math.max(0, Math.round(face.centre.x - width / 2)), frame.width - width);
    const top = Math.min(Math.max(0, Math.round(face.centre.y - height / 2)), frame.height - height);
    const raw = { width: frame.width, height: frame.height, channels: 3 } as const;
    const jpeg = await sharp(frame.rgb, { raw })
      .extract({ left, top, width, height })
      .resize(640, 480, { fit: 'fill' })
      .jpeg({ quality: 90 })
      .toBuffer();
    const cut = await decodeImage(jpeg);
    if (cut.kind === 'frame' && (await analyseFrame(cut.frame, pack)).kind === 'face') return jpeg;
  }
  throw new Error('no picture shows one face');
}

async function frameOf(jpeg: Uint8Array): Promise<Frame> {
  const decoded = await decodeImage(jpeg);
  if (decoded.kind !== 'frame') throw new Error(decoded.problem);
  return decoded.frame;
}

type Stage = 'decode' | 'detect' | 'landmarks' | 'embed' | 'liveness';

async function measureStages(jpeg: Uint8Array, { manifest, models }: FacePack) {
  const samples: Record<Stage | 'total', number[]> = { decode: [], detect: [], landmarks: [], embed: [], liveness: [], total: [] };
  for (let i = -WARM_UPS; i < ROUNDS; i += 1) {
    const begin = performance.now();
    let last = begin;
    const lap = (stage: Stage): void => {
      const now = performance.now();
      if (i >= 0) samples[stage].push(now - last);
      last = now;
    };
    const frame = await frameOf(jpeg);
    lap('decode');
    const [face] = await detectFaces(frame, models.detector, manifest.detector);
    lap('detect');
    const landmarks = face === undefined ? null : await findLandmarks(frame, face, models.mesh);
    lap('landmarks');
    if (landmarks === null) throw new Error('the face is gone');
    await embedFace(frame, landmarks.five, models.embedder, manifest.embedder);
    lap('embed');
    await scoreLiveness(frame, landmarks.mesh, models.liveness, manifest.liveness);
    lap('liveness');
    if (i >= 0) samples.total.push(performance.now() - begin);
  }
  return samples;
}

async function countFrames(jpeg: Uint8Array, pack: FacePack, untilMs: number): Promise<number> {
  let count = 0;
  while (performance.timeOrigin + performance.now() < untilMs) {
    await analyseFrame(await frameOf(jpeg), pack);
    count += 1;
  }
  return count;
}

async function main(): Promise<void> {
  const folder = await defaultPackFolder();
  const rssBefore = process.memoryUsage().rss;
  const began = performance.now();
  const pack = await loadPack({ folder });
  const loadMs = performance.now() - began;
  const jpeg = await oneFace(pack);
  const samples = await measureStages(jpeg, pack);
  const rss = process.memoryUsage().rss;
  const file = fileURLToPath(import.meta.url);
  const counts = await Promise.all(
    [0, 1].map(
      async () =>
        new Promise<number>((resolve, reject) => {
          const worker = new Worker(file, { workerData: { folder, jpeg } });
          worker.once('message', resolve);
          worker.once('error', reject);
        }),
    ),
  );
  await pack.close();
  const median = (stage: Stage): number => round(percentile(samples[stage], 0.5));
  report({
    stages: {
      decode_ms: median('decode'),
      detect_ms: median('detect'),
      landmarks_ms: median('landmarks'),
      embed_ms: median('embed'),
      liveness_ms: median('liveness'),
    },
    total_p50_ms: round(percentile(samples.total, 0.5)),
    total_p99_ms: round(percentile(samples.total, 0.99)),
    per_s: round(counts.reduce((sum, count) => sum + count, 0) / (SHARED_RUN_MS / 1_000) / FRAMES_PER_VERIFICATION),
    frames_per_s: round(counts.reduce((sum, count) => sum + count, 0) / (SHARED_RUN_MS / 1_000)),
    load_ms: round(loadMs),
    rss_mb: round(rss / 1e6),
    rss_before_mb: round(rssBefore / 1e6),
  });
}

if (isMainThread) await main();
else {
  const { folder, jpeg } = workerData as { folder: string; jpeg: Uint8Array };
  const pack = await loadPack({ folder });
  parentPort?.postMessage(await countFrames(jpeg, pack, performance.timeOrigin + performance.now() + SHARED_RUN_MS));
  await pack.close();
}
