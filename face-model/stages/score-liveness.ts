import type { Point } from '../geometry/point.ts';
import type { Similarity } from '../geometry/similarity.ts';
import type { Frame } from '../image/frame.ts';
import { sampleFrame } from '../image/sample.ts';
import type { TensorModel } from './tensor-model.ts';

export interface LivenessSettings {
  readonly size: number;
  /** Side of the square that is looked at, in heights of the face. */
  readonly scale: number;
  readonly order: 'rgb' | 'bgr';
  /** Which of the model's classes is a living face. */
  readonly liveClass: number;
}

/** The square around the face, moved into the frame: what surrounds a face shows a screen or a sheet of paper. */
export function livenessCrop(frame: Frame, mesh: readonly Point[], { scale, size }: LivenessSettings): Similarity {
  const [xs, ys] = [mesh.map(({ x }) => x), mesh.map(({ y }) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const side = Math.min(scale * (bottom - top), frame.width, frame.height);
  const within = (centre: number, length: number): number => Math.min(Math.max(centre - side / 2, 0), length - side);
  const step = side / size;
  return {
    a: step,
    b: 0,
    tx: within((left + right) / 2, frame.width) + step / 2 - 0.5,
    ty: within((top + bottom) / 2, frame.height) + step / 2 - 0.5,
  };
}

/** Passive presentation-attack detection on one frame: 0 attack to 1 alive. Null when the answer is no number. */
export async function scoreLiveness(
  frame: Frame,
  mesh: readonly Point[],
  model: TensorModel,
  settings: LivenessSettings,
): Promise<number | null> {
  const { order, size } = settings;
  const input = sampleFrame(frame, livenessCrop(frame, mesh, settings), { size, order, layout: 'nchw', mean: 0, deviation: 1 });
  const [logits] = Object.values(await model.run(input, [1, 3, size, size]));
  return logits === undefined ? null : softmaxOf(logits, settings.liveClass);
}

function softmaxOf(logits: Float32Array, index: number): number | null {
  const top = Math.max(...logits);
  const exponents = logits.map((logit) => Math.exp(logit - top));
  const share = (exponents[index] ?? Number.NaN) / exponents.reduce((sum, value) => sum + value, 0);
  return Number.isFinite(share) ? share : null;
}
