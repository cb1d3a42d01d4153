import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askChallenges, stepChallenge, type Challenge } from '#face-model/capture/challenge.ts';
import type { Point } from '#face-model/geometry/point.ts';
import type { Frame } from '#face-model/image/frame.ts';
import { measureQuality, type Quality } from '#face-model/quality/measure-quality.ts';

/** Only the points of the mesh that are measured, in eye distances about the middle of the face; depth towards the camera. */
interface FacePoint extends Point {
  readonly z: number;
}
const EYE = (x: number, open: number): FacePoint[] =>
  [
    [-0.22, 0],
    [-0.08, -open],
    [0.08, -open],
    [0.22, 0],
    [0.08, open],
    [-0.08, open],
  ].map(([dx = 0, dy = 0]) => ({ x: x + dx, y: dy, z: 0 }));
const LEFT_EYE = [33, 160, 158, 133, 153, 144];
const RIGHT_EYE = [362, 385, 387, 263, 373, 380];

interface Expression {
  readonly eyes?: number;
  readonly mouth?: number;
}

function faceWith({ eyes = 0.065, mouth = 0.02 }: Expression = {}) {
  const mesh = new Map<number, FacePoint>();
  EYE(-0.5, eyes).forEach((point, i) => mesh.set(LEFT_EYE[i] ?? -1, point));
  EYE(0.5, eyes).forEach((point, i) => mesh.set(RIGHT_EYE[i] ?? -1, point));
  mesh.set(78, { x: -0.35, y: 1.1, z: 0.1 }).set(308, { x: 0.35, y: 1.1, z: 0.1 });
  mesh.set(13, { x: 0, y: 1.1 - mouth / 2, z: 0.2 }).set(14, { x: 0, y: 1.1 + mouth / 2, z: 0.2 });
  const five: FacePoint[] = [
    { x: -0.5, y: 0, z: 0 },
    { x: 0.5, y: 0, z: 0 },
    { x: 0, y: 0.7, z: 0.5 },
    { x: -0.35, y: 1.1, z: 0.1 },
    { x: 0.35, y: 1.1, z: 0.1 },
  ];
  return { mesh, five };
}

interface Pose {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  /** From the camera, in eye distances. */
  readonly away: number;
  /** 1 = a head; 0 = a sheet of paper with the head on it. */
  readonly depth: 0 | 1;
}
const STRAIGHT: Pose = { yaw: 0, pitch: 0, roll: 0, away: 8, depth: 1 };
const GREY: Frame = { width: 64, height: 64, rgb: new Uint8Array(64 * 64 * 3).fill(120) };

function seen(expression: Expression, { away, depth, pitch, roll, yaw }: Pose): Quality {
  const { five, mesh } = faceWith(expression);
  const project = ({ x, y, z }: FacePoint): Point => {
    const deep = depth * z;
    const [x1, z1] = [x * Math.cos(yaw) + deep * Math.sin(yaw), -x * Math.sin(yaw) + deep * Math.cos(yaw)];
    const [y1, z2] = [y * Math.cos(pitch) - z1 * Math.sin(pitch), y * Math.sin(pitch) + z1 * Math.cos(pitch)];
    const scale = 800 / (away - z2);
    return {
      x: 320 + scale * (x1 * Math.cos(roll) - y1 * Math.sin(roll)),
      y: 240 + scale * (x1 * Math.sin(roll) + y1 * Math.cos(roll)),
    };
  };
  const points: Point[] = [];
  for (const [index, point] of mesh) points[index] = project(point);
  return measureQuality(GREY, { mesh: Array.from(points, (point) => point ?? { x: 320, y: 240 }), five: five.map(project), face01: 1 });
}

const usual = seen({}, STRAIGHT);
const goesThrough = (challenge: Challenge, quality: Quality): boolean =>
  stepChallenge(askChallenges([challenge], 0), quality, { atMs: 500, usual }).phase !== 'waiting';

describe('a living head', () => {
  it.each([
    ['turn_left', {}, { yaw: 0.4 }],
    ['turn_right', {}, { yaw: -0.4 }],
    ['turn_left', {}, { yaw: 0.5, pitch: 0.08 }],
    ['blink', { eyes: 0.02 }, {}],
    ['blink', { eyes: 0.03 }, { yaw: 0.1, roll: 0.1 }],
    ['open_mouth', { mouth: 0.3 }, {}],
    ['open_mouth', { mouth: 0.5 }, { yaw: -0.08 }],
    ['come_closer', {}, { away: 6 }],
  ] as const)('does what is asked: %s', (challenge, expression, pose) => {
    expect(goesThrough(challenge, seen(expression, { ...STRAIGHT, ...pose }))).toBe(true);
  });
});

describe('a sheet of paper with a face on it', () => {
  const flat = fc.record({
    yaw: fc.double({ min: -1.2, max: 1.2, noNaN: true }),
    pitch: fc.double({ min: -1.2, max: 1.2, noNaN: true }),
    roll: fc.double({ min: -0.6, max: 0.6, noNaN: true }),
    away: fc.double({ min: 5, max: 20, noNaN: true }),
    depth: fc.constant(0 as const),
  });

  it('closes no eyes and opens no mouth, however it is turned, tipped and moved', () => {
    fc.assert(
      fc.property(flat, (pose) => {
        const quality = seen({}, pose);
        return !goesThrough('blink', quality) && !goesThrough('open_mouth', quality);
      }),
      { numRuns: 1_000 },
    );
  });

  it('turns no head', () => {
    fc.assert(
      fc.property(flat, (pose) => {
        const quality = seen({}, pose);
        return !goesThrough('turn_left', quality) && !goesThrough('turn_right', quality);
      }),
      { numRuns: 1_000 },
    );
  });

  it('turns no head where it is tipped and brought so near that it is as wide as before', () => {
    const near = seen({}, { yaw: -0.4527996077711282, pitch: 0.49499200682989103, roll: 0, away: 5, depth: 0 });
    expect(goesThrough('turn_left', near) || goesThrough('turn_right', near)).toBe(false);
  });

  it('comes closer as well as anybody: so that alone proves nothing', () => {
    expect(goesThrough('come_closer', seen({}, { ...STRAIGHT, depth: 0, away: 6 }))).toBe(true);
  });
});
