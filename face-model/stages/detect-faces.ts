import { decodeDetections, mergeDetections, type Detection } from '../geometry/detections.ts';
import type { Point } from '../geometry/point.ts';
import type { Similarity } from '../geometry/similarity.ts';
import type { Frame } from '../image/frame.ts';
import { sampleFrame } from '../image/sample.ts';
import type { TensorModel } from './tensor-model.ts';

export interface DetectorSettings {
  /** Side of the model's input, pixels. */
  readonly size: number;
  readonly scoreMin01: number;
  readonly overlapMin01: number;
}

/** A face in pixels of the frame. */
export interface FoundFace {
  readonly score01: number;
  readonly centre: Point;
  readonly width: number;
  readonly height: number;
  readonly keyPoints: readonly Point[];
}

/** The frame in the middle of a black square that fills the input. */
export function letterBox({ height, width }: Pick<Frame, 'width' | 'height'>, size: number): Similarity {
  const side = Math.max(width, height);
  const scale = side / size;
  // Centres of pixels, not their corners, lie on each other.
  return { a: scale, b: 0, tx: 0.5 * scale - 0.5 - (side - width) / 2, ty: 0.5 * scale - 0.5 - (side - height) / 2 };
}

/** Blazeface: input NHWC, -1 to 1; outputs scores and regressions of two grids. Best face first. */
export async function detectFaces(frame: Frame, model: TensorModel, settings: DetectorSettings): Promise<readonly FoundFace[]> {
  const { overlapMin01, scoreMin01, size } = settings;
  const input = sampleFrame(frame, letterBox(frame, size), { size, order: 'rgb', layout: 'nhwc', mean: 127.5, deviation: 127.5 });
  const outputs = Object.entries(await model.run(input, [1, size, size, 3])).map(([name, values]) => ({ name, values }));
  const detections = decodeDetections(join(model, outputs, 1), join(model, outputs, 16), { min01: scoreMin01, size });
  const side = Math.max(frame.width, frame.height);
  const toFrame = ({ x, y }: Point): Point => ({ x: x * side - (side - frame.width) / 2, y: y * side - (side - frame.height) / 2 });
  return mergeDetections(detections, overlapMin01).map((one) => toFace(one, side, toFrame));
}

/** The outputs whose last dimension is `columns`: those of the finer grid come first. */
function join(model: TensorModel, outputs: readonly { name: string; values: Float32Array }[], columns: number): Float32Array {
  const parts = outputs.filter(({ name }) => model.shapeOf(name)?.at(-1) === columns).toSorted((a, b) => b.values.length - a.values.length);
  const joined = new Float32Array(parts.reduce((sum, { values }) => sum + values.length, 0));
  let at = 0;
  for (const { values } of parts) {
    joined.set(values, at);
    at += values.length;
  }
  return joined;
}

function toFace({ height, keyPoints, score01, width, x, y }: Detection, side: number, toFrame: (point: Point) => Point): FoundFace {
  return {
    score01,
    centre: toFrame({ x: x + width / 2, y: y + height / 2 }),
    width: width * side,
    height: height * side,
    keyPoints: keyPoints.map(toFrame),
  };
}
