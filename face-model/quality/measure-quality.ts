import { centreOf, distance, type Point } from '../geometry/point.ts';
import { lumaAt, type Frame } from '../image/frame.ts';
import type { Landmarks } from '../stages/find-landmarks.ts';

/** What can be said of how a face was taken. Numbers only: what is good enough is the gate's. */
export interface Quality {
  /** Between the centres of the eyes, pixels of the frame. */
  readonly eyeDistancePx: number;
  /** How far the nose is off the middle of the eyes, in eye distances: 0 frontal, positive when the face turns to the image's right. */
  readonly turn: number;
  /** How far the nose is below the eyes, in eye distances: about 0.6 when the face is level. */
  readonly tilt: number;
  readonly rollDegrees: number;
  /** Height over width of the eyes, the smaller of both: about 0.3 open, below 0.15 closed; glasses and people differ, so compare within a session. */
  readonly eyeOpening: number;
  /** Height over width of the mouth: about 0 closed. */
  readonly mouthOpening: number;
  /** Mean luma of the face, 0 to 255. */
  readonly luma: number;
  /** Mean luma of the frame around the face minus that of the face: large when light comes from behind. */
  readonly backLight: number;
  /** How sure the mesh is that there is a face, 0 to 1: less where part of it is behind a mask, a hand or the edge of the picture. */
  readonly shown01: number;
  /** Variance of the Laplacian over the face at about 64 samples a side: low when blurred. */
  readonly sharpness: number;
}

/** Points of the mesh: outer corner, two above, inner corner, two below. */
const EYE_LEFT = [33, 160, 158, 133, 153, 144] as const;
const EYE_RIGHT = [362, 385, 387, 263, 373, 380] as const;
const MOUTH = { left: 78, right: 308, up: 13, down: 14 } as const;
const SAMPLES = 64;

export function measureQuality(frame: Frame, { face01, five, mesh }: Landmarks): Quality {
  const at = (index: number): Point => mesh[index] ?? { x: Number.NaN, y: Number.NaN };
  const [left = at(-1), right = at(-1), nose = at(-1)] = five;
  const eyeDistancePx = distance(left, right);
  const middle = centreOf([left, right]);
  const axis = { x: (right.x - left.x) / eyeDistancePx, y: (right.y - left.y) / eyeDistancePx };
  const offset = { x: nose.x - middle.x, y: nose.y - middle.y };
  const opening = ([outer, upA, upB, inner, downB, downA]: readonly number[]): number =>
    (distance(at(upA ?? -1), at(downA ?? -1)) + distance(at(upB ?? -1), at(downB ?? -1))) /
    (2 * distance(at(outer ?? -1), at(inner ?? -1)));
  return {
    eyeDistancePx,
    turn: (offset.x * axis.x + offset.y * axis.y) / eyeDistancePx,
    tilt: (offset.y * axis.x - offset.x * axis.y) / eyeDistancePx,
    rollDegrees: (Math.atan2(axis.y, axis.x) * 180) / Math.PI,
    eyeOpening: Math.min(opening(EYE_LEFT), opening(EYE_RIGHT)),
    mouthOpening: distance(at(MOUTH.up), at(MOUTH.down)) / distance(at(MOUTH.left), at(MOUTH.right)),
    shown01: face01,
    ...measureLight(frame, mesh),
  };
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function boxOf(frame: Frame, mesh: readonly Point[]): Box {
  const [xs, ys] = [mesh.map(({ x }) => x), mesh.map(({ y }) => y)];
  const clamp = (value: number, max: number): number => Math.min(Math.max(Math.round(value), 0), max);
  const [left, right] = [clamp(Math.min(...xs), frame.width - 1), clamp(Math.max(...xs), frame.width)];
  const [top, bottom] = [clamp(Math.min(...ys), frame.height - 1), clamp(Math.max(...ys), frame.height)];
  return { left, top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

/** Luma on a grid of SAMPLES by SAMPLES over a box. */
function sampleLuma(frame: Frame, { height, left, top, width }: Box): Float64Array {
  return Float64Array.from({ length: SAMPLES * SAMPLES }, (_, i) => {
    const x = left + Math.floor((((i % SAMPLES) + 0.5) * width) / SAMPLES);
    const y = top + Math.floor(((Math.floor(i / SAMPLES) + 0.5) * height) / SAMPLES);
    return lumaAt(frame, Math.min(x, frame.width - 1), Math.min(y, frame.height - 1));
  });
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function measureLight(frame: Frame, mesh: readonly Point[]): Pick<Quality, 'luma' | 'backLight' | 'sharpness'> {
  const box = boxOf(frame, mesh);
  const face = sampleLuma(frame, box);
  const luma = meanOf(face);
  const all = meanOf(sampleLuma(frame, { left: 0, top: 0, width: frame.width, height: frame.height }));
  const share = Math.min(0.95, (box.width * box.height) / (frame.width * frame.height));
  return { luma, backLight: (all - luma) / (1 - share), sharpness: laplacianVariance(face) };
}

function laplacianVariance(luma: Float64Array): number {
  const edges: number[] = [];
  for (let y = 1; y < SAMPLES - 1; y += 1) {
    for (let x = 1; x < SAMPLES - 1; x += 1) {
      const at = y * SAMPLES + x;
      const around = (luma[at - 1] ?? 0) + (luma[at + 1] ?? 0) + (luma[at - SAMPLES] ?? 0) + (luma[at + SAMPLES] ?? 0);
      edges.push(around - 4 * (luma[at] ?? 0));
    }
  }
  const mean = edges.reduce((sum, value) => sum + value, 0) / edges.length;
  return edges.reduce((sum, value) => sum + (value - mean) ** 2, 0) / edges.length;
}
