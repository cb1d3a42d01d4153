import { describe, expect, it } from 'vitest';
import { presentationFiguresAt } from '#face-model/eval/presentation-statistics.ts';
import { crossValidate, figuresAt, rocOf, summarise, wilson } from '#face-model/eval/verification-statistics.ts';

const pairs = [
  ...[0.9, 0.8, 0.7, 0.35].map((score) => ({ same: true, score })),
  ...[0.1, 0.2, 0.3, 0.4].map((score) => ({ same: false, score })),
];

describe('figures of a verification', () => {
  it('count who is above the threshold, and who is not', () => {
    const { fmr, fnmr } = figuresAt(pairs, 0.35);
    expect([fmr.value, fnmr.value]).toEqual([0.25, 0]);
    expect(figuresAt(pairs, 0.5).fnmr.value).toBe(0.25);
  });

  it('take the best threshold for the accuracy, and the equal one for the error rate', () => {
    expect(summarise(pairs)).toMatchObject({ pairs: 8, failures: 0, accuracy: 0.875, eer: 0.25, tar_at_far_1e3: 0.75 });
  });

  it('count what could not be scored against the person, never against the stranger', () => {
    const failed = [...pairs, { same: true, score: Number.NaN }, { same: false, score: Number.NaN }];
    expect(summarise(failed)).toMatchObject({ failures: 2, tar_at_far_1e3: 0.6 });
    expect(figuresAt(failed, -1).fmr.value).toBe(0.8);
  });

  it('fall and rise along the curve', () => {
    const roc = rocOf(pairs);
    roc.slice(1).forEach((one, i) => {
      expect(one.fmr).toBeLessThanOrEqual(roc[i]?.fmr ?? 1);
      expect(one.fnmr).toBeGreaterThanOrEqual(roc[i]?.fnmr ?? 0);
    });
    expect(roc.at(-1)).toMatchObject({ fmr: 0, fnmr: 1 });
  });

  it('are tested on what the threshold did not see', () => {
    expect(crossValidate([pairs])).toBeNull();
    expect(crossValidate([pairs, pairs])?.mean).toBe(0.875);
  });
});

it('gives a share its 95 % interval', () => {
  // Newcombe 1998, table I.
  expect(wilson(81, 263)).toMatchObject({ low: expect.closeTo(0.2553, 3) as number, high: expect.closeTo(0.3662, 3) as number });
  expect(wilson(0, 20)).toMatchObject({ value: 0, low: 0, high: expect.closeTo(0.1611, 3) as number });
  expect(wilson(0, 0)).toMatchObject({ low: 0, high: 1 });
});

it('counts attacks by what they are made of: the worst one is what an attacker takes', () => {
  const shown = [
    { kind: 'live', score: 0.9 },
    { kind: 'live', score: 0.1 },
    { kind: 'live', score: Number.NaN },
    { kind: 'print', score: 0.05 },
    { kind: 'print', score: Number.NaN },
    { kind: 'replay', score: 0.5 },
    { kind: 'replay', score: 0.1 },
  ];
  const { apcer, apcerMax, bpcer } = presentationFiguresAt(shown, 0.2);
  expect([apcer['print']?.value, apcer['replay']?.value, apcerMax]).toEqual([0, 0.5, 0.5]);
  expect(bpcer.value).toBeCloseTo(2 / 3, 9);
});
