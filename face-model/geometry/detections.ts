import type { Point } from './point.ts';

/** Fractions of the model's square input, 0 to 1; may reach beyond it. */
export interface Detection {
  readonly score01: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** In order: eye at the image's left, eye at its right, nose, mouth, ear at the left, ear at the right. */
  readonly keyPoints: readonly Point[];
}

/** The grids of the model: cells per side and anchors per cell. */
const GRIDS = [
  { cells: 16, anchors: 2 },
  { cells: 8, anchors: 6 },
] as const;
const KEY_POINTS = 6;
/** Numbers per anchor: box (x, y, width, height) and the key points. */
export const REGRESSION_LENGTH = 4 + 2 * KEY_POINTS;
/** Best faces that are looked at further: with more the frame is refused anyway. */
export const DETECTIONS_MAX = 32;

/** Centres of all anchors, in the order of the model's outputs. */
export const ANCHORS: readonly Point[] = GRIDS.flatMap(({ anchors, cells }) =>
  Array.from({ length: cells * cells * anchors }, (_, i) => {
    const cell = Math.floor(i / anchors);
    return { x: ((cell % cells) + 0.5) / cells, y: (Math.floor(cell / cells) + 0.5) / cells };
  }),
);

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

/**
 * Reads scores (one logit per anchor) and regressions (REGRESSION_LENGTH numbers per anchor, in pixels of an input of `size`). What is not
 * a number is no face.
 */
export function decodeDetections(
  scores: Float32Array,
  regressions: Float32Array,
  { min01, size }: { min01: number; size: number },
): Detection[] {
  const found: Detection[] = [];
  ANCHORS.forEach((anchor, i) => {
    const score01 = sigmoid(scores[i] ?? Number.NaN);
    if (!(score01 >= min01)) return;
    const at = (k: number): number => (regressions[i * REGRESSION_LENGTH + k] ?? Number.NaN) / size;
    const keyPoints = Array.from({ length: KEY_POINTS }, (_, k) => ({ x: anchor.x + at(4 + 2 * k), y: anchor.y + at(5 + 2 * k) }));
    const [width, height] = [at(2), at(3)];
    const detection = { score01, x: anchor.x + at(0) - width / 2, y: anchor.y + at(1) - height / 2, width, height, keyPoints };
    if (isFinite(detection)) found.push(detection);
  });
  return found;
}

function isFinite({ height, keyPoints, width, x, y }: Detection): boolean {
  return [x, y, width, height, ...keyPoints.flatMap((point) => [point.x, point.y])].every(Number.isFinite) && width > 0 && height > 0;
}

/** Intersection over union. */
export function overlap(a: Detection, b: Detection): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}

/** One detection per face: those that overlap the best one are averaged with it, weighted by score (Blazeface's own way). Best first. */
export function mergeDetections(detections: readonly Detection[], overlapMin: number): Detection[] {
  let rest = detections.toSorted((a, b) => b.score01 - a.score01);
  const merged: Detection[] = [];
  while (rest.length > 0 && merged.length < DETECTIONS_MAX) {
    const [best] = rest;
    if (best === undefined) break;
    const same = rest.filter((one) => one === best || overlap(best, one) > overlapMin);
    merged.push(average(same, best.score01));
    rest = rest.filter((one) => !same.includes(one));
  }
  return merged;
}

function average(same: readonly Detection[], score01: number): Detection {
  const total = same.reduce((sum, one) => sum + one.score01, 0);
  const mean = (read: (one: Detection) => number): number => same.reduce((sum, one) => sum + read(one) * one.score01, 0) / total;
  return {
    score01,
    x: mean(({ x }) => x),
    y: mean(({ y }) => y),
    width: mean(({ width }) => width),
    height: mean(({ height }) => height),
    keyPoints: Array.from({ length: KEY_POINTS }, (_, k) => ({
      x: mean(({ keyPoints }) => keyPoints[k]?.x ?? 0),
      y: mean(({ keyPoints }) => keyPoints[k]?.y ?? 0),
    })),
  };
}
