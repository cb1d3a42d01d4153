import type { FaceInFrame, FrameResult } from '../capture/analyse-frame.ts';
import { SAME_PERSON_MIN } from '../capture/verification.ts';
import { ENROL_LIMITS, findProblems, type QualityLimits, type QualityProblem } from '../quality/quality-gate.ts';
import { similarity } from '../stages/embed-face.ts';
import type { Guidance } from './verification-run.ts';

/** Frames of an enrolment, and the least time between two: frames that follow one another at once show the same again. */
export const ENROL_FRAMES = 5;
export const ENROL_GAP_MS = 400;
/** For the consent, and for the frames after it, ms. */
export const ENROL_MS_MAX = 90_000;

export type Enrolled =
  { readonly result: 'done'; readonly embeddings: readonly Float32Array[] } | { readonly result: 'refused' | 'failed' };

export interface EnrolmentSettings {
  /** Median of the passive model from which the face counts as alive. */
  readonly liveMin01: number;
  readonly limits?: QualityLimits;
}

export type EnrolmentView =
  | { readonly kind: 'asks_consent' }
  | {
      readonly kind: 'enrols';
      readonly taken: number;
      readonly of: number;
      readonly say: Guidance;
      /** Everything that is wrong with the last picture of a face. */
      readonly problems: readonly QualityProblem[];
    };

/** One enrolment: nothing is looked at before the person agrees. */
export class EnrolmentRun {
  readonly outcome: Promise<Enrolled>;
  readonly #settings: EnrolmentSettings;
  readonly #deadlineMs: number;
  readonly #resolve: (outcome: Enrolled) => void;
  #phase: 'consent' | 'capturing' | 'over' = 'consent';
  #good: FaceInFrame[] = [];
  #lastAtMs = Number.NEGATIVE_INFINITY;
  #guidance: Guidance = 'look';
  #problems: readonly QualityProblem[] = [];

  constructor(settings: EnrolmentSettings, nowMs: number) {
    this.#settings = settings;
    this.#deadlineMs = nowMs + ENROL_MS_MAX;
    ({ promise: this.outcome, resolve: this.#resolve } = Promise.withResolvers<Enrolled>());
  }

  consent(agrees: boolean): void {
    if (this.#phase !== 'consent') return;
    if (agrees) this.#phase = 'capturing';
    else this.#end({ result: 'refused' });
  }

  onFrame(frame: FrameResult, atMs: number): void {
    if (this.#phase !== 'capturing') return this.#drop(frame);
    if (frame.kind !== 'face') {
      this.#guidance = frame.kind === 'several_faces' ? 'one_person' : 'look';
      this.#problems = [];
      return;
    }
    this.#problems = findProblems(frame.quality, this.#settings.limits ?? ENROL_LIMITS, null);
    const [problem] = this.#problems;
    this.#guidance = problem ?? 'look';
    if (problem !== undefined || atMs - this.#lastAtMs < ENROL_GAP_MS) return this.#drop(frame);
    // Somebody else stepped in: nobody is enrolled as a mixture of two.
    if (this.#good.some(({ embedding }) => !(similarity(embedding, frame.embedding) >= SAME_PERSON_MIN)))
      return this.#end({ result: 'failed' });
    this.#lastAtMs = atMs;
    this.#good.push(frame);
    if (this.#good.length === ENROL_FRAMES) this.#finish();
  }

  tick(nowMs: number): void {
    if (nowMs >= this.#deadlineMs) this.#end({ result: this.#phase === 'consent' ? 'refused' : 'failed' });
  }

  view(): EnrolmentView {
    if (this.#phase === 'consent') return { kind: 'asks_consent' };
    return { kind: 'enrols', taken: this.#good.length, of: ENROL_FRAMES, say: this.#guidance, problems: this.#problems };
  }

  #finish(): void {
    const live = this.#good.map(({ live01 }) => live01).sort((a, b) => a - b);
    const isAlive = (live[Math.floor(live.length / 2)] ?? Number.NaN) >= this.#settings.liveMin01;
    const embeddings = this.#good.map(({ embedding }) => embedding);
    if (!isAlive) return this.#end({ result: 'failed' });
    // Handed over: whoever receives them zeroes them.
    this.#good = [];
    this.#end({ result: 'done', embeddings });
  }

  #drop(frame: FrameResult): void {
    if (frame.kind === 'face') frame.embedding.fill(0);
  }

  #end(outcome: Enrolled): void {
    this.#phase = 'over';
    for (const { embedding } of this.#good) embedding.fill(0);
    this.#good = [];
    this.#resolve(outcome);
  }
}
