import type { Point } from '../geometry/point.ts';
import { fitSimilarity, invert } from '../geometry/similarity.ts';
import type { Frame } from '../image/frame.ts';
import { sampleFrame } from '../image/sample.ts';
import type { TensorModel } from './tensor-model.ts';

/** Where the five landmarks belong in a picture of 112 by 112: what nearly all face embedders were trained on. */
const PLACES: readonly Point[] = [
  { x: 38.2946, y: 51.6963 },
  { x: 73.5318, y: 51.5014 },
  { x: 56.0252, y: 71.7366 },
  { x: 41.5493, y: 92.3655 },
  { x: 70.7299, y: 92.2041 },
];
const SIZE = 112;

export interface EmbedderSettings {
  readonly order: 'rgb' | 'bgr';
  readonly mean: number;
  readonly deviation: number;
  readonly length: number;
}

/** A unit vector; null when the landmarks are one point or the model's answer is no number. */
export async function embedFace(
  frame: Frame,
  five: readonly Point[],
  model: TensorModel,
  settings: EmbedderSettings,
): Promise<Float32Array | null> {
  const toPlaces = fitSimilarity(five, PLACES);
  const toFrame = toPlaces === null ? null : invert(toPlaces);
  if (toFrame === null) return null;
  const input = sampleFrame(frame, toFrame, { ...settings, size: SIZE, layout: 'nchw' });
  const [values] = Object.values(await model.run(input, [1, 3, SIZE, SIZE]));
  return values === undefined || values.length !== settings.length ? null : toUnit(values);
}

/** Null for what has no direction, or is no number. */
export function toUnit(vector: Float32Array): Float32Array | null {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return Number.isFinite(length) && length > 1e-6 ? vector.map((value) => value / length) : null;
}

/** Cosine of two unit vectors of one length, -1 to 1; NaN when the lengths differ, which is above no threshold. */
export function similarity(a: Float32Array, b: Float32Array): number {
  return a.length === b.length ? a.reduce((sum, value, i) => sum + value * (b[i] ?? Number.NaN), 0) : Number.NaN;
}
