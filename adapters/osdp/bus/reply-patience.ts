import { PROBE_TIMEOUT_MS, REPLY_TIMEOUT_MS, RETRIES_MAX } from '../session/limits.ts';
import type { SessionState } from '../session/state.ts';
import { sentKind } from './sent-kind.ts';

/** A reply that is not there after a multiple of the longest usual time is lost; the same bytes bring it again. */
const PATIENCE_FACTOR = 3;
export const PATIENCE_MIN_MS = 20;
/** A reader that is only being looked for is waited for as long as its neighbours need. */
export const PROBE_PATIENCE_MIN_MS = 10;
export const PROBE_PATIENCE_MAX_MS = 25;
/**
 * Now and then it gets the full time all the same: it may be slow, and its late replies may have met another's. After 4, 16, 30, 30 s: together with
 * the short probes, which come at least once a second, it stays below a twentieth of the line at 9600 baud too.
 */
export const PATIENT_PROBE_MIN_MS = 4_000;
export const PATIENT_PROBE_MAX_MS = 30_000;
const PATIENT_PROBE_FACTOR = 4;
const CAUTIOUS_REPLIES = 2_000;
/** The longest usual time forgets an outlier by this share with each reply. */
const FORGET_SHARE = 0.02;

/** How long one reader needs to begin its reply, learned from its replies; wire time is not part of it. */
export class ReplyPatience {
  #usualMaxMs: number | null = null;
  #patientProbeMs = 0;
  #patientDelayMs = PATIENT_PROBE_MIN_MS;
  #cautiousReplies = 0;

  /** The longest usual time; null before the first reply. */
  get usualMaxMs(): number | null {
    return this.#usualMaxMs;
  }

  /** It answered the command and its repetition: nothing was lost, it was only slow. It has the standard's full time for a while. */
  wasTooShort(): void {
    this.#cautiousReplies = CAUTIOUS_REPLIES;
  }

  replied(turnaroundMs: number): void {
    this.#cautiousReplies = Math.max(0, this.#cautiousReplies - 1);
    const usual = this.#usualMaxMs ?? 0;
    this.#usualMaxMs = turnaroundMs >= usual ? turnaroundMs : usual + (turnaroundMs - usual) * FORGET_SHARE;
    this.#patientDelayMs = PATIENT_PROBE_MIN_MS;
    this.#patientProbeMs = 0;
  }

  /** For the frame that the session has just sent, until its first byte. `neighboursMs` is the longest usual time of the line. */
  patienceMs(state: SessionState, neighboursMs: number | null, nowMs: number): number {
    if (state.exchange.name !== 'awaiting_reply') return REPLY_TIMEOUT_MS;
    const { inFlight } = state.exchange;
    if (state.phase === 'identify' && !state.isPatient) return this.#probePatienceMs(neighboursMs, nowMs);
    const isSlow = sentKind(inFlight) === 'slow';
    if (isSlow || this.#cautiousReplies > 0 || this.#usualMaxMs === null || inFlight.retries >= RETRIES_MAX) return REPLY_TIMEOUT_MS;
    return Math.min(Math.max(this.#usualMaxMs * PATIENCE_FACTOR, PATIENCE_MIN_MS), REPLY_TIMEOUT_MS);
  }

  #probePatienceMs(neighboursMs: number | null, nowMs: number): number {
    if (this.#patientProbeMs === 0) this.#patientProbeMs = nowMs + this.#patientDelayMs;
    if (nowMs >= this.#patientProbeMs) {
      this.#patientDelayMs = Math.min(this.#patientDelayMs * PATIENT_PROBE_FACTOR, PATIENT_PROBE_MAX_MS);
      this.#patientProbeMs = nowMs + this.#patientDelayMs;
      return REPLY_TIMEOUT_MS;
    }
    if (neighboursMs === null) return PROBE_TIMEOUT_MS;
    return Math.min(Math.max(neighboursMs * PATIENCE_FACTOR, PROBE_PATIENCE_MIN_MS), PROBE_PATIENCE_MAX_MS);
  }
}
