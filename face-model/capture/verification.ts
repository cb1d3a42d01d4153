import type { PackManifest } from '../pack/manifest.ts';
import type { Quality } from '../quality/measure-quality.ts';
import { findProblems, PROBE_LIMITS, type QualityLimits, type QualityProblem } from '../quality/quality-gate.ts';
import { similarity, toUnit } from '../stages/embed-face.ts';
import type { FaceInFrame, FrameResult } from './analyse-frame.ts';
import { askChallenges, drawChallenges, stepChallenge, type Challenge, type ChallengeState, type Usual } from './challenge.ts';

/** Frames that must pass the gate before anything is asked, and the time over which they must be taken. */
export const PROBE_FRAMES_MIN = 5;
export const PROBE_SPAN_MS_MIN = 500;
/** Good frames that are kept; later ones change nothing any more. */
export const PROBE_FRAMES_MAX = 20;
/** A whole verification, from the first frame. */
export const VERIFICATION_MS_MAX = 10_000;
/** Two frames of one session that are less alike are of two people. */
export const SAME_PERSON_MIN = 0.5;
/**
 * The same of a frame that is turned aside, with the mean of the frontal ones: a turn costs likeness, and is no reason to end anything. Of LFW,
 * pictures taken years apart, with turns of 0.08 to 0.7: 2 % of 791 genuine pairs are below, 0.1 % of 72,000 impostors above.
 */
export const SAME_TURNED_MIN = 0.34;
/** The same picture again: a camera's noise makes no two frames equal. */
const FROZEN_FRAMES_MAX = 3;

export type ScoreBand = 'below' | 'low' | 'standard' | 'high';
export type LivenessLevel = 'none' | 'passive' | 'active';
export type VerificationFailure =
  | 'no_match'
  | 'not_live'
  | 'challenge_failed'
  | 'identity_changed'
  | 'frozen_picture'
  | 'several_faces'
  | 'poor_quality'
  | 'no_face'
  | 'camera_unavailable';

export interface VerificationOutcome {
  readonly result: 'verified' | VerificationFailure;
  readonly band: ScoreBand;
  readonly liveness: LivenessLevel;
  readonly frames: number;
}

export interface VerificationState {
  readonly startedAtMs: number;
  readonly challenge: ChallengeState | null;
  readonly good: readonly { readonly face: FaceInFrame; readonly atMs: number }[];
  readonly frozen: number;
  readonly lastSeen: 'nothing' | 'several' | 'poor' | 'good';
  /** What the person can do now. */
  readonly problems: readonly QualityProblem[];
  readonly outcome: VerificationOutcome | null;
}

export interface VerificationRequest {
  readonly nonce: string;
  /** Cosine of a probe (a unit vector as the embedder gives it) with the enrolled face; NaN matches nobody. */
  readonly scoreOf: (probe: Float32Array) => number;
  readonly enrolImages: number;
  readonly needs: 'passive' | 'active';
  readonly manifest: Pick<PackManifest, 'thresholds' | 'liveness'>;
  readonly limits?: QualityLimits;
}

export const beginVerification = (atMs: number): VerificationState => ({
  startedAtMs: atMs,
  challenge: null,
  good: [],
  frozen: 0,
  lastSeen: 'nothing',
  problems: [],
  outcome: null,
});

/** What to show the person to do; null = look at the camera. */
export function challengeOf(state: VerificationState): Challenge | null {
  return state.challenge?.phase === 'waiting' ? state.challenge.challenge : null;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

function usualOf(good: VerificationState['good']): Usual {
  const of = (read: (quality: Quality) => number): number => median(good.map(({ face }) => read(face.quality)));
  return {
    eyeDistancePx: of((q) => q.eyeDistancePx),
    turn: of((q) => q.turn),
    tilt: of((q) => q.tilt),
    eyeOpening: of((q) => q.eyeOpening),
    mouthOpening: of((q) => q.mouthOpening),
  };
}

const isEnough = (good: VerificationState['good']): boolean =>
  good.length >= PROBE_FRAMES_MIN && (good.at(-1)?.atMs ?? 0) - (good[0]?.atMs ?? 0) >= PROBE_SPAN_MS_MIN;

/** How sure the match is, at the strictest threshold that was measured for so many pictures and frames, or fewer of them. */
export function bandOf(
  score: number,
  { enrolImages, probeFrames, thresholds }: { enrolImages: number; probeFrames: number } & Pick<PackManifest, 'thresholds'>,
): ScoreBand {
  const usable = thresholds.filter((one) => one.enrolImages <= enrolImages && one.probeFrames <= probeFrames);
  // Averaging raises impostors' scores: of two thresholds of a level the higher one is the safe one.
  const reached = (['high', 'standard', 'low'] as const).find((level) => {
    const cosines = usable.filter((one) => one.level === level).map(({ cosineMin }) => cosineMin);
    return cosines.length > 0 && score >= Math.max(...cosines);
  });
  return reached ?? 'below';
}

/** One frame further; a state with an outcome stays as it is. Pure: the frame's result and the time are all that counts. */
export function stepVerification(
  state: VerificationState,
  frame: FrameResult,
  atMs: number,
  request: VerificationRequest,
): VerificationState {
  if (state.outcome !== null) return state;
  if (!(atMs >= state.startedAtMs) || atMs - state.startedAtMs > VERIFICATION_MS_MAX) return end(state, timedOut(state), request);
  if (frame.kind === 'several_faces') return { ...state, lastSeen: 'several', problems: [] };
  if (frame.kind !== 'face') return { ...state, lastSeen: state.lastSeen === 'several' ? 'several' : 'nothing', problems: [] };
  if (!isSamePerson(state, frame)) return end(state, 'identity_changed', request);
  if (state.challenge !== null) return answer(state, state.challenge, { frame, atMs, request });
  return gather(state, frame, atMs, request);
}

/** Frontal frames must be of one person. Turned far away the embedding means less: such a frame ends nothing, see `isAlike`. */
function isSamePerson({ good }: VerificationState, frame: FaceInFrame): boolean {
  if (isTurned(frame)) return true;
  return good.every(({ face }) => similarity(face.embedding, frame.embedding) >= SAME_PERSON_MIN);
}

const isTurned = ({ quality }: FaceInFrame): boolean => Math.abs(quality.turn) > PROBE_LIMITS.turnMax;

/** Whoever takes a photograph from before their own face has moved, and has not done what the one in the photograph was asked for. */
function isAlike({ good }: VerificationState, frame: FaceInFrame): boolean {
  const mean = meanOf(good.map(({ face }) => face.embedding));
  return mean !== null && similarity(mean, frame.embedding) >= SAME_TURNED_MIN;
}

function gather(state: VerificationState, frame: FaceInFrame, atMs: number, request: VerificationRequest): VerificationState {
  const usualEyes = state.good.length === 0 ? null : usualOf(state.good).eyeOpening;
  const problems = findProblems(frame.quality, request.limits ?? PROBE_LIMITS, usualEyes);
  if (problems.length > 0) return { ...state, lastSeen: 'poor', problems };
  const last = state.good.at(-1);
  const isFrozen = last !== undefined && last.face.live01 === frame.live01 && similarity(last.face.embedding, frame.embedding) > 1 - 1e-9;
  if (isFrozen) {
    const frozen = state.frozen + 1;
    return frozen > FROZEN_FRAMES_MAX ? end(state, 'frozen_picture', request) : { ...state, frozen, lastSeen: 'good', problems: [] };
  }
  const good = state.good.length < PROBE_FRAMES_MAX ? [...state.good, { face: frame, atMs }] : state.good;
  const next: VerificationState = { ...state, good, lastSeen: 'good', problems: [] };
  if (!isEnough(good)) return next;
  const live01 = median(good.map(({ face }) => face.live01));
  if (!(live01 >= request.manifest.liveness.challengeMin01)) return end(next, 'not_live', request);
  if (request.needs === 'passive' && live01 >= request.manifest.liveness.passiveMin01) return end(next, 'verified', request);
  return { ...next, challenge: askChallenges(drawChallenges(request.nonce), atMs) };
}

interface Turn {
  readonly frame: FaceInFrame;
  readonly atMs: number;
  readonly request: VerificationRequest;
}

function answer(state: VerificationState, asked: ChallengeState, { atMs, frame, request }: Turn): VerificationState {
  if (isTurned(frame) && !isAlike(state, frame)) return { ...state, lastSeen: 'poor', problems: [] };
  const challenge = stepChallenge(asked, frame.quality, { atMs, usual: usualOf(state.good) });
  const next: VerificationState = { ...state, challenge, lastSeen: 'good', problems: [] };
  if (challenge.phase === 'failed') return end(next, 'challenge_failed', request);
  return challenge.phase === 'done' ? end(next, 'verified', request) : next;
}

function timedOut({ challenge, good, lastSeen }: VerificationState): VerificationFailure {
  if (challenge !== null) return 'challenge_failed';
  if (lastSeen === 'several') return 'several_faces';
  return lastSeen === 'poor' || good.length > 0 ? 'poor_quality' : 'no_face';
}

/** `verified` so far means alive; whether it is the person is told last, and only of frames that passed the gate. */
function end(state: VerificationState, result: VerificationOutcome['result'], request: VerificationRequest): VerificationState {
  const frames = state.good.length;
  const mean = meanOf(state.good.map(({ face }) => face.embedding));
  const score = mean === null ? Number.NaN : request.scoreOf(mean);
  const band = bandOf(score, { enrolImages: request.enrolImages, probeFrames: frames, thresholds: request.manifest.thresholds });
  const liveness = result !== 'verified' ? 'none' : state.challenge?.phase === 'done' ? 'active' : 'passive';
  const isMatch = band === 'standard' || band === 'high';
  const outcome: VerificationOutcome = { result: result === 'verified' && !isMatch ? 'no_match' : result, band, liveness, frames };
  // Whoever failed to be shown alive learns nothing of how near the face came.
  return { ...state, outcome: result === 'verified' ? outcome : { ...outcome, band: 'below' } };
}

/** The mean of unit vectors, as a unit vector; null for none. */
export function meanOf(vectors: readonly Float32Array[]): Float32Array | null {
  const [first] = vectors;
  if (first === undefined) return null;
  const sum = new Float32Array(first.length);
  for (const vector of vectors) vector.forEach((value, i) => (sum[i] = (sum[i] ?? 0) + value));
  return toUnit(sum);
}
