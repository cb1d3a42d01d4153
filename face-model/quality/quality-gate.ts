import type { Quality } from './measure-quality.ts';

/** What a person can do something about; the terminal says it in their language. */
export type QualityProblem =
  'too_far' | 'covered' | 'not_facing' | 'head_tilted' | 'eyes_closed' | 'too_dark' | 'too_bright' | 'back_light' | 'blurred';

export interface QualityLimits {
  readonly eyeDistancePxMin: number;
  readonly shownMin01: number;
  readonly turnMax: number;
  readonly tiltMin: number;
  readonly tiltMax: number;
  readonly rollDegreesMax: number;
  readonly lumaMin: number;
  readonly lumaMax: number;
  readonly backLightMax: number;
  readonly sharpnessMin: number;
}

/**
 * For a verification: near enough to frontal for the passive model, which was measured at turn 0.08. All of 270 frontal pictures of LFW show
 * more than 0.999 of a face, with glasses and beards; half of them do not show 0.99 with a mask drawn over them.
 */
export const PROBE_LIMITS: QualityLimits = {
  eyeDistancePxMin: 60,
  shownMin01: 0.99,
  turnMax: 0.08,
  tiltMin: 0.25,
  tiltMax: 0.95,
  rollDegreesMax: 10,
  lumaMin: 60,
  lumaMax: 200,
  backLightMax: 90,
  sharpnessMin: 20,
};

/** For an enrolment, which is kept for years. */
export const ENROL_LIMITS: QualityLimits = { ...PROBE_LIMITS, eyeDistancePxMin: 90, sharpnessMin: 30 };

/** Share of the session's usual eye opening below which the eyes count as closed. */
const OPEN_SHARE_MIN = 0.7;

/** What is wrong, worst first; empty = good enough. A number that is none is wrong. `usualEyeOpening`: median of the session, null at its beginning. */
export function findProblems(quality: Quality, limits: QualityLimits, usualEyeOpening: number | null): readonly QualityProblem[] {
  const problems: QualityProblem[] = [];
  const check = (isGood: boolean, problem: QualityProblem): void => {
    if (!isGood) problems.push(problem);
  };
  check(quality.eyeDistancePx >= limits.eyeDistancePxMin, 'too_far');
  check(quality.shown01 >= limits.shownMin01, 'covered');
  check(Math.abs(quality.turn) < limits.turnMax, 'not_facing');
  check(
    quality.tilt >= limits.tiltMin && quality.tilt <= limits.tiltMax && Math.abs(quality.rollDegrees) < limits.rollDegreesMax,
    'head_tilted',
  );
  check(quality.luma >= limits.lumaMin, 'too_dark');
  check(quality.luma <= limits.lumaMax, 'too_bright');
  check(quality.backLight <= limits.backLightMax, 'back_light');
  check(quality.sharpness >= limits.sharpnessMin, 'blurred');
  check(usualEyeOpening === null || quality.eyeOpening >= OPEN_SHARE_MIN * usualEyeOpening, 'eyes_closed');
  return problems;
}
