import { centreOf, type Point } from '../geometry/point.ts';
import { apply, type Similarity } from '../geometry/similarity.ts';
import type { Frame } from '../image/frame.ts';
import { sampleFrame } from '../image/sample.ts';
import { MESH_TENSORS } from '../pack/mesh-to-onnx.ts';
import type { FoundFace } from './detect-faces.ts';
import type { TensorModel } from './tensor-model.ts';

const SIZE = 192;
/** The model was trained on squares this much larger than the detected box. */
const BOX_SCALE = 1.5;
export const MESH_POINTS = 468;

export interface Landmarks {
  /** MESH_POINTS points in pixels of the frame. */
  readonly mesh: readonly Point[];
  /** Whether there is a face at all, 0 to 1. */
  readonly face01: number;
  /** Eye at the image's left, eye at its right, tip of the nose, corners of the mouth from left to right. */
  readonly five: readonly Point[];
}

/** The square around the face, turned so that the eyes are level. */
export function meshCrop({ centre, height, keyPoints, width }: FoundFace): Similarity {
  const [left = centre, right = centre] = keyPoints;
  const roll = Math.atan2(right.y - left.y, right.x - left.x);
  const scale = (BOX_SCALE * Math.max(width, height)) / SIZE;
  const [a, b] = [scale * Math.cos(roll), scale * Math.sin(roll)];
  const middle = (SIZE - 1) / 2;
  return { a, b, tx: centre.x - (a * middle - b * middle), ty: centre.y - (b * middle + a * middle) };
}

/** Face mesh: input NHWC, 0 to 1; output x, y, z per point in pixels of the input. Null when anything is not a number. */
export async function findLandmarks(frame: Frame, face: FoundFace, model: TensorModel): Promise<Landmarks | null> {
  const toFrame = meshCrop(face);
  const input = sampleFrame(frame, toFrame, { size: SIZE, order: 'rgb', layout: 'nhwc', mean: 0, deviation: 255 });
  const outputs = await model.run(input, [1, SIZE, SIZE, 3]);
  const values = outputs[MESH_TENSORS.mesh] ?? new Float32Array();
  // The model ends in a sigmoid.
  const face01 = outputs[MESH_TENSORS.flag]?.[0] ?? Number.NaN;
  if (values.length !== MESH_POINTS * 3 || !values.every(Number.isFinite) || !Number.isFinite(face01)) return null;
  const mesh = Array.from({ length: MESH_POINTS }, (_, i) => apply(toFrame, { x: values[3 * i] ?? 0, y: values[3 * i + 1] ?? 0 }));
  return { mesh, face01, five: fiveOf(mesh) };
}

function fiveOf(mesh: readonly Point[]): readonly Point[] {
  const pick = (...indices: readonly number[]): Point => centreOf(indices.flatMap((index) => mesh[index] ?? []));
  return [pick(33, 133, 159, 145), pick(362, 263, 386, 374), pick(4), pick(61), pick(291)];
}
