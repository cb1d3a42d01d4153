import type { FrameResult } from '../capture/analyse-frame.ts';
import type { Challenge } from '../capture/challenge.ts';
import {
  beginVerification,
  challengeOf,
  stepVerification,
  VERIFICATION_MS_MAX,
  type VerificationOutcome,
  type VerificationRequest,
  type VerificationState,
} from '../capture/verification.ts';
import type { QualityProblem } from '../quality/quality-gate.ts';

/** What the person is shown. */
export type Guidance = 'look' | 'one_person' | Challenge | QualityProblem;

/** Kept for the way of the answer to the gateway, ms. */
export const ANSWER_MARGIN_MS = 700;

/** One verification: frames in, one outcome out; embeddings are zeroed with it. */
export class VerificationRun {
  readonly outcome: Promise<VerificationOutcome>;
  readonly #request: VerificationRequest;
  readonly #deadlineMs: number;
  readonly #resolve: (outcome: VerificationOutcome) => void;
  #state: VerificationState;

  /** `withinMs`: from now until the answer must be at the gateway. */
  constructor(request: VerificationRequest, { nowMs, withinMs }: { readonly nowMs: number; readonly withinMs: number }) {
    this.#request = request;
    this.#state = beginVerification(nowMs);
    this.#deadlineMs = nowMs + withinMs - ANSWER_MARGIN_MS;
    ({ promise: this.outcome, resolve: this.#resolve } = Promise.withResolvers<VerificationOutcome>());
  }

  onFrame(frame: FrameResult, atMs: number): void {
    this.#step(frame, atMs);
    const isKept = this.#state.good.some(({ face }) => face === frame);
    if (frame.kind === 'face' && !isKept) frame.embedding.fill(0);
  }

  tick(nowMs: number): void {
    if (nowMs >= this.#deadlineMs) this.#step({ kind: 'no_face' }, this.#state.startedAtMs + VERIFICATION_MS_MAX + 1);
  }

  /** The camera is gone: there is nothing to wait for. */
  endBlind(): void {
    this.#end({ result: 'camera_unavailable', band: 'below', liveness: 'none', frames: 0 });
  }

  guidance(): Guidance {
    const { lastSeen, problems } = this.#state;
    if (lastSeen === 'several') return 'one_person';
    return problems[0] ?? challengeOf(this.#state) ?? 'look';
  }

  #step(frame: FrameResult, atMs: number): void {
    if (this.#state.outcome !== null) return;
    this.#state = stepVerification(this.#state, frame, atMs, this.#request);
    if (this.#state.outcome !== null) this.#end(this.#state.outcome);
  }

  #end(outcome: VerificationOutcome): void {
    for (const { face } of this.#state.good) face.embedding.fill(0);
    this.#state = { ...this.#state, outcome };
    this.#resolve(outcome);
  }
}
