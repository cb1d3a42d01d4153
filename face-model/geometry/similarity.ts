import { centreOf, type Point } from './point.ts';

/** Turns, scales and moves: x' = a x - b y + tx, y' = b x + a y + ty. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

export function apply({ a, b, tx, ty }: Similarity, { x, y }: Point): Point {
  return { x: a * x - b * y + tx, y: b * x + a * y + ty };
}

/** Null when it maps everything to one point. */
export function invert({ a, b, tx, ty }: Similarity): Similarity | null {
  const scale2 = a * a + b * b;
  if (!(scale2 > 0) || !Number.isFinite(scale2)) return null;
  const inverse = { a: a / scale2, b: -b / scale2 };
  return { ...inverse, tx: -(inverse.a * tx - inverse.b * ty), ty: -(inverse.b * tx + inverse.a * ty) };
}

/**
 * The similarity without reflection that brings `from` nearest to `to`, least squares (Umeyama 1991, which in two dimensions needs no
 * singular values). Null when `from` is one point, or the two differ in number.
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Similarity | null {
  if (from.length !== to.length || from.length < 2) return null;
  const [source, target] = [centreOf(from), centreOf(to)];
  let [along, across, spread] = [0, 0, 0];
  from.forEach((point, i) => {
    const goal = to[i] ?? target;
    const [x, y] = [point.x - source.x, point.y - source.y];
    const [u, v] = [goal.x - target.x, goal.y - target.y];
    along += x * u + y * v;
    across += x * v - y * u;
    spread += x * x + y * y;
  });
  if (!(spread > 0) || !Number.isFinite(spread)) return null;
  const [a, b] = [along / spread, across / spread];
  return { a, b, tx: target.x - (a * source.x - b * source.y), ty: target.y - (b * source.x + a * source.y) };
}
