import { createHash } from 'node:crypto';
import type { Quality } from '../quality/measure-quality.ts';

/** What a person is asked to do, so that a recording of them does not do. Left and right as they see them. */
export const CHALLENGES = ['turn_left', 'turn_right', 'blink', 'open_mouth', 'come_closer'] as const;
export type Challenge = (typeof CHALLENGES)[number];

/** Earlier than a person can react, a movement was under way already. */
export const REACTION_MS_MIN = 150;
/** Time to do what is asked. */
export const CHALLENGE_MS_MAX = 4_000;

/** What a sheet of paper cannot do, however it is moved: something of the face moves in itself, or in its depth. */
const OF_THE_FACE = CHALLENGES.filter((challenge) => challenge !== 'come_closer');

/**
 * Drawn from the request's nonce: nobody can choose them, and the same request always asks for the same. Coming closer is never all that is
 * asked, since a print comes closer as well as a person.
 */
export function drawChallenges(nonce: string): readonly Challenge[] {
  const [first = 0, second = 0] = createHash('sha256').update(`face challenge ${nonce}`, 'utf8').digest();
  const drawn = CHALLENGES[first % CHALLENGES.length] ?? 'blink';
  return drawn === 'come_closer' ? [drawn, OF_THE_FACE[second % OF_THE_FACE.length] ?? 'blink'] : [drawn];
}

/** What is usual for the person in this session: medians over frames that passed the gate. */
export interface Usual {
  readonly eyeDistancePx: number;
  readonly turn: number;
  readonly tilt: number;
  readonly eyeOpening: number;
  readonly mouthOpening: number;
}

const TURN_BY_MIN = 0.18;
const BLINK_SHARE_MAX = 0.6;
const OPEN_SHARE_MIN = 0.85;
const MOUTH_BY_MIN = 0.25;
const CLOSER_SHARE_MIN = 1.3;
/** Near enough to how it was before: somebody who only holds a turned picture never comes back. */
const BACK_TURN_MAX = 0.1;

/**
 * A flat picture that is turned or tipped away grows narrow or low as a whole: its eyes seem to close at half the height, its nose to go
 * aside at two thirds of the width, and both show in the distance of the nose from the eyes, or of the eyes from each other. A head that closes
 * its eyes or opens its mouth stays where it is; one that turns by what is asked for (about 20 degrees) changes either by a tenth at most.
 */
const STILL_TILT_MAX = 0.08;
const STILL_TURN_MAX = 0.1;
const TURNED_TILT_SHARE_MAX = 1.2;
const TURNED_TILT_SHARE_MIN = 0.85;
const TURNED_WIDTH_SHARE_MIN = 0.8;
/** Brought nearer meanwhile, a turned picture is as wide as before. */
const TURNED_WIDTH_SHARE_MAX = 1.15;

type Phase = 'waiting' | 'doing' | 'done' | 'failed';

export interface ChallengeState {
  readonly challenge: Challenge;
  /** What is asked for after it. */
  readonly then: readonly Challenge[];
  readonly askedAtMs: number;
  readonly phase: Phase;
}

export function askChallenges([challenge = 'blink', ...then]: readonly Challenge[], atMs: number): ChallengeState {
  return { challenge, then, askedAtMs: atMs, phase: 'waiting' };
}

/** The movement at its height. A face that turns to its own left moves its nose to the image's right, for the image is no mirror. */
function isDoing(challenge: Challenge, quality: Quality, usual: Usual): boolean {
  const turned = quality.turn - usual.turn;
  if (challenge === 'turn_left') return turned >= TURN_BY_MIN && isDeep(quality, usual);
  if (challenge === 'turn_right') return turned <= -TURN_BY_MIN && isDeep(quality, usual);
  if (challenge === 'blink') return quality.eyeOpening <= BLINK_SHARE_MAX * usual.eyeOpening && isStill(quality, usual);
  if (challenge === 'open_mouth') return quality.mouthOpening - usual.mouthOpening >= MOUTH_BY_MIN && isStill(quality, usual);
  return quality.eyeDistancePx >= CLOSER_SHARE_MIN * usual.eyeDistancePx;
}

const isStill = (quality: Quality, usual: Usual): boolean =>
  Math.abs(quality.tilt - usual.tilt) <= STILL_TILT_MAX && Math.abs(quality.turn - usual.turn) <= STILL_TURN_MAX;

function isDeep({ eyeDistancePx, tilt }: Quality, usual: Usual): boolean {
  const isLevel = tilt <= TURNED_TILT_SHARE_MAX * usual.tilt && tilt >= TURNED_TILT_SHARE_MIN * usual.tilt;
  const widthShare = eyeDistancePx / usual.eyeDistancePx;
  return isLevel && widthShare >= TURNED_WIDTH_SHARE_MIN && widthShare <= TURNED_WIDTH_SHARE_MAX;
}

/** The movement is over. Whoever comes closer may stay there. */
function isBack(challenge: Challenge, quality: Quality, usual: Usual): boolean {
  if (challenge === 'turn_left' || challenge === 'turn_right') return Math.abs(quality.turn - usual.turn) <= BACK_TURN_MAX;
  if (challenge === 'blink') return quality.eyeOpening >= OPEN_SHARE_MIN * usual.eyeOpening;
  if (challenge === 'open_mouth') return quality.mouthOpening - usual.mouthOpening < MOUTH_BY_MIN / 2;
  return true;
}

/** One frame further. Too early is a failure like too late: a recording starts on its own. */
export function stepChallenge(state: ChallengeState, quality: Quality, { atMs, usual }: { atMs: number; usual: Usual }): ChallengeState {
  if (state.phase === 'done' || state.phase === 'failed') return state;
  const sinceMs = atMs - state.askedAtMs;
  if (sinceMs > CHALLENGE_MS_MAX) return { ...state, phase: 'failed' };
  if (state.phase === 'waiting') {
    if (!isDoing(state.challenge, quality, usual)) return state;
    return { ...state, phase: sinceMs < REACTION_MS_MIN ? 'failed' : 'doing' };
  }
  if (!isBack(state.challenge, quality, usual)) return state;
  return state.then.length === 0 ? { ...state, phase: 'done' } : askChallenges(state.then, atMs);
}
