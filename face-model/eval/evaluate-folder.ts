import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvalReport } from '#gateway/domain/face/eval-report.ts';
import { decodeImage } from '../image/decode-image.ts';
import type { Frame } from '../image/frame.ts';
import type { FacePack } from '../pack/load-pack.ts';
import { detectFaces, type FoundFace } from '../stages/detect-faces.ts';
import { embedFace, similarity } from '../stages/embed-face.ts';
import { findLandmarks } from '../stages/find-landmarks.ts';
import { scoreLiveness } from '../stages/score-liveness.ts';
import { presentationFiguresAt } from './presentation-statistics.ts';
import { readEvalSet, type LabelledPair } from './read-eval-set.ts';
import { crossValidate, figuresAt, rocOf, summarise, type ScoredPair } from './verification-statistics.ts';

/** Points of the curve that are kept for a report. */
export const ROC_POINTS_MAX = 200;

interface Scored extends ScoredPair {
  readonly pair: LabelledPair;
}

/** Measures a pack on labelled pictures: nothing is sampled, and a picture without a usable face counts as a failure. */
export async function evaluateFolder(
  folder: string,
  pack: FacePack,
  onProgress: (share01: number) => void = () => undefined,
): Promise<EvalReport> {
  const { pairs, presentations } = await readEvalSet(folder);
  const files = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  const total = files.length + presentations.length;
  let done = 0;
  const tick = (): void => onProgress((done += 1) / total);

  const embeddings = new Map<string, Float32Array | null>();
  for (const file of files) {
    embeddings.set(file, await embedFile(join(folder, file), pack));
    tick();
  }
  const scored = pairs.map((pair): Scored => {
    const [a, b] = [embeddings.get(pair.a) ?? null, embeddings.get(pair.b) ?? null];
    return { pair, same: pair.same, score: a === null || b === null ? Number.NaN : similarity(a, b) };
  });
  const shown: { kind: string; score: number }[] = [];
  for (const { file, kind } of presentations) {
    shown.push({ kind, score: (await scoreFile(join(folder, file), pack)) ?? Number.NaN });
    tick();
  }
  const { liveness } = pack.manifest;
  return {
    pack: { id: pack.manifest.id, hash: pack.hash },
    verification: scored.length === 0 ? null : toVerification(scored, pack),
    presentation:
      shown.length === 0 ? null : [liveness.challengeMin01, liveness.passiveMin01, 0.5].map((one) => presentationFiguresAt(shown, one)),
  };
}

function toVerification(scored: readonly Scored[], { manifest }: FacePack): EvalReport['verification'] {
  const folds = [...Map.groupBy(scored, ({ pair }) => pair.fold).values()];
  const groups = Map.groupBy(
    scored.filter(({ pair }) => pair.group !== ''),
    ({ pair }) => pair.group,
  );
  const single = manifest.thresholds.filter((one) => one.enrolImages === 1 && one.probeFrames === 1);
  const roc = rocOf(scored);
  const step = Math.max(1, Math.ceil(roc.length / ROC_POINTS_MAX));
  return {
    ...summarise(scored),
    crossValidated: crossValidate(folds),
    thresholds: single.map(({ cosineMin }) => figuresAt(scored, cosineMin)),
    roc: roc.filter((_, i) => i % step === 0),
    groups: Object.fromEntries([...groups].map(([name, members]) => [name, summarise(members)])),
  };
}

/** Sets of portraits show the person in the middle; others in the picture are not whom the label means. */
function mostCentral(frame: Frame, faces: readonly FoundFace[]): FoundFace | null {
  const off = ({ centre }: FoundFace): number => Math.hypot(centre.x - frame.width / 2, centre.y - frame.height / 2);
  return faces.toSorted((a, b) => off(a) - off(b))[0] ?? null;
}

async function landmarksOf(file: string, { manifest, models }: FacePack) {
  const decoded = await decodeImage(await readFile(file));
  if (decoded.kind !== 'frame') return null;
  const face = mostCentral(decoded.frame, await detectFaces(decoded.frame, models.detector, manifest.detector));
  const landmarks = face === null ? null : await findLandmarks(decoded.frame, face, models.mesh);
  return landmarks === null ? null : { frame: decoded.frame, landmarks };
}

async function embedFile(file: string, pack: FacePack): Promise<Float32Array | null> {
  const found = await landmarksOf(file, pack);
  return found === null ? null : embedFace(found.frame, found.landmarks.five, pack.models.embedder, pack.manifest.embedder);
}

async function scoreFile(file: string, pack: FacePack): Promise<number | null> {
  const found = await landmarksOf(file, pack);
  return found === null ? null : scoreLiveness(found.frame, found.landmarks.mesh, pack.models.liveness, pack.manifest.liveness);
}
