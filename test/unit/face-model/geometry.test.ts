import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANCHORS, decodeDetections, DETECTIONS_MAX, mergeDetections, overlap, REGRESSION_LENGTH } from '#face-model/geometry/detections.ts';
import { apply, fitSimilarity, invert } from '#face-model/geometry/similarity.ts';
import { letterBox } from '#face-model/stages/detect-faces.ts';

const coordinate = fc.double({ min: -500, max: 500, noNaN: true });
const point = fc.record({ x: coordinate, y: coordinate });

describe('a similarity', () => {
  it('is found again from points that it moved', () => {
    const moves = fc.record({
      a: fc.double({ min: 0.2, max: 3, noNaN: true }),
      b: fc.double({ min: -3, max: 3, noNaN: true }),
      tx: coordinate,
      ty: coordinate,
    });
    fc.assert(
      fc.property(moves, (move) => {
        const from = [
          { x: 0, y: 0 },
          { x: 40, y: 3 },
          { x: 20, y: 25 },
          { x: 5, y: 60 },
          { x: 38, y: 58 },
        ];
        const found = fitSimilarity(
          from,
          from.map((one) => apply(move, one)),
        );
        for (const name of ['a', 'b', 'tx', 'ty'] as const) expect(found?.[name]).toBeCloseTo(move[name], 6);
      }),
    );
  });

  it('and its inverse leave every point where it was', () => {
    const move = { a: 0.7, b: -1.2, tx: 31, ty: -8 };
    fc.assert(
      fc.property(point, (one) => {
        const back = apply(invert(move) ?? move, apply(move, one));
        expect(back.x).toBeCloseTo(one.x, 6);
        expect(back.y).toBeCloseTo(one.y, 6);
      }),
    );
  });

  it('is none from one point, from none, or from lists of two lengths', () => {
    expect(fitSimilarity([{ x: 1, y: 1 }], [{ x: 2, y: 2 }])).toBeNull();
    expect(
      fitSimilarity(
        [
          { x: 1, y: 1 },
          { x: 1, y: 1 },
        ],
        [
          { x: 2, y: 2 },
          { x: 3, y: 3 },
        ],
      ),
    ).toBeNull();
    expect(fitSimilarity([], [])).toBeNull();
    expect(
      fitSimilarity(
        [
          { x: 0, y: 0 },
          { x: 1, y: 0 },
        ],
        [{ x: 0, y: 0 }],
      ),
    ).toBeNull();
    expect(
      fitSimilarity(
        [
          { x: Number.NaN, y: 0 },
          { x: 1, y: 0 },
        ],
        [
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ],
      ),
    ).toBeNull();
    expect(invert({ a: 0, b: 0, tx: 1, ty: 1 })).toBeNull();
  });
});

it('puts a wide frame into the middle of a square', () => {
  const box = letterBox({ width: 640, height: 480 }, 128);
  // The middle of the square is the middle of the frame, its upper edge is above the frame.
  expect(apply(box, { x: 63.5, y: 63.5 })).toEqual({ x: 319.5, y: 239.5 });
  expect(apply(box, { x: -0.5, y: -0.5 })).toEqual({ x: -0.5, y: -80.5 });
});

describe('what the detector answers', () => {
  const scores = (): Float32Array => new Float32Array(ANCHORS.length).fill(-20);
  const regressions = (): Float32Array => new Float32Array(ANCHORS.length * REGRESSION_LENGTH).fill(0);
  const settings = { min01: 0.5, size: 128 };

  it('is read at the anchor that answers', () => {
    const [logits, boxes] = [scores(), regressions()];
    logits[100] = 3;
    boxes.set([6.4, -6.4, 25.6, 38.4], 100 * REGRESSION_LENGTH);
    const [face] = decodeDetections(logits, boxes, settings);
    const anchor = ANCHORS[100] ?? { x: 0, y: 0 };
    expect(face?.score01).toBeCloseTo(0.9526, 3);
    expect(face?.x).toBeCloseTo(anchor.x + 0.05 - 0.1, 5);
    expect(face?.y).toBeCloseTo(anchor.y - 0.05 - 0.15, 5);
    expect(face?.keyPoints).toHaveLength(6);
  });

  it('has 896 anchors: 16 by 16 with two, 8 by 8 with six', () => {
    expect(ANCHORS).toHaveLength(896);
    expect(ANCHORS[0]).toEqual({ x: 1 / 32, y: 1 / 32 });
    expect(ANCHORS[512]).toEqual({ x: 1 / 16, y: 1 / 16 });
    expect(ANCHORS.at(-1)).toEqual({ x: 15 / 16, y: 15 / 16 });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('is no face where a number is %s', (odd) => {
    const [logits, boxes] = [scores(), regressions()];
    logits[5] = odd === Number.POSITIVE_INFINITY ? 9 : odd;
    boxes.fill(32);
    boxes[5 * REGRESSION_LENGTH + 7] = odd;
    expect(decodeDetections(logits, boxes, settings)).toEqual([]);
  });

  it('is no face when it is short', () => {
    expect(decodeDetections(new Float32Array(3).fill(9), new Float32Array(3), settings)).toEqual([]);
  });

  it('is one face per place, and so many at most', () => {
    const face = (x: number, score01: number) => ({ score01, x, y: 0, width: 1, height: 1, keyPoints: [] });
    const merged = mergeDetections([face(0, 0.9), face(0.1, 0.6), face(5, 0.7)], 0.3);
    expect(merged.map(({ score01 }) => score01)).toEqual([0.9, 0.7]);
    expect(merged[0]?.x).toBeCloseTo(0.04, 6);
    const many = Array.from({ length: DETECTIONS_MAX + 1 }, (_, i) => face(2 * i, 0.8));
    expect(mergeDetections(many, 0.3)).toHaveLength(DETECTIONS_MAX);
    expect(overlap(face(0, 1), face(2, 1))).toBe(0);
    expect(overlap(face(0, 1), face(0, 1))).toBe(1);
  });
});
