import type { Frame } from '../image/frame.ts';
import type { FacePack } from '../pack/load-pack.ts';
import { measureQuality, type Quality } from '../quality/measure-quality.ts';
import { detectFaces, type FoundFace } from '../stages/detect-faces.ts';
import { embedFace } from '../stages/embed-face.ts';
import { findLandmarks } from '../stages/find-landmarks.ts';
import { scoreLiveness } from '../stages/score-liveness.ts';

export type FrameResult =
  | { readonly kind: 'no_face' }
  | { readonly kind: 'several_faces'; readonly count: number }
  /** A model answered with what is no number, or sees no face where the detector saw one. */
  | { readonly kind: 'unreadable' }
  | FaceInFrame;

export interface FaceInFrame {
  readonly kind: 'face';
  readonly score01: number;
  readonly quality: Quality;
  /** Unit vector; the caller zeroes it. */
  readonly embedding: Float32Array;
  /** Passive liveness of this frame alone. */
  readonly live01: number;
}

/** The mesh must be surer than this that there is a face. */
const MESH_FACE_MIN01 = 0.5;
/** A second face counts from this share of the first one's size: people far behind are no second person at the door. */
const OTHER_FACE_SHARE_MIN = 0.35;

function isBystander(face: FoundFace, main: FoundFace): boolean {
  return Math.max(face.width, face.height) < OTHER_FACE_SHARE_MIN * Math.max(main.width, main.height);
}

/** Everything that is known of one frame. Whatever the frame shows, there is an answer. */
export async function analyseFrame(frame: Frame, { manifest, models }: FacePack): Promise<FrameResult> {
  const faces = await detectFaces(frame, models.detector, manifest.detector);
  const [largest] = faces.toSorted((a, b) => b.width * b.height - a.width * a.height);
  if (largest === undefined) return { kind: 'no_face' };
  const count = faces.filter((face) => !isBystander(face, largest)).length;
  if (count > 1) return { kind: 'several_faces', count };
  const landmarks = await findLandmarks(frame, largest, models.mesh);
  if (landmarks === null || !(landmarks.face01 >= MESH_FACE_MIN01)) return { kind: 'unreadable' };
  const embedding = await embedFace(frame, landmarks.five, models.embedder, manifest.embedder);
  const live01 = await scoreLiveness(frame, landmarks.mesh, models.liveness, manifest.liveness);
  if (embedding === null || live01 === null) return { kind: 'unreadable' };
  return { kind: 'face', score01: largest.score01, quality: measureQuality(frame, landmarks), embedding, live01 };
}
