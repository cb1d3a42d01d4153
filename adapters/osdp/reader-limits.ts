import type { ReaderAlarmCode } from '#gateway/ports/readers.ts';

/** No hand shows cards faster; more is a machine that tries numbers. */
export const CARD_READS_PER_SECOND_MAX = 5;
/** No finger presses keys faster, also where the reader reports each by itself. */
export const KEY_REPORTS_PER_SECOND_MAX = 15;
/** Replies that a reader sends by itself and that are no states, cards or keys, as of a smart card or its maker. One more in a second is dropped. */
export const OWN_REPLIES_PER_SECOND_MAX = 50;
/**
 * The same alarm of the same reader is raised at most once in this time, however often its cause comes; while it goes on, after twice as long each
 * time, up to the greatest: somebody who disturbs a line all night must not fill the log. When it has not come for that long it is a new one.
 */
export const ALARM_REPEAT_MIN_MS = 10_000;
export const ALARM_REPEAT_MAX_MS = 10 * 60_000;
const SECOND_MS = 1_000;

interface Raised {
  readonly raisedMs: number;
  /** When its cause came last, raised or not. */
  readonly seenMs: number;
  /** Until it may be raised again. */
  readonly pauseMs: number;
}

/** What one reader may cause in a time. Times are monotonic milliseconds. */
export class ReaderLimits {
  readonly #cardReads = new LastSecond(CARD_READS_PER_SECOND_MAX);
  readonly #keyReports = new LastSecond(KEY_REPORTS_PER_SECOND_MAX);
  readonly #ownReplies = new LastSecond(OWN_REPLIES_PER_SECOND_MAX);
  readonly #alarms = new Map<ReaderAlarmCode, Raised>();

  /** Claims a card read: false when there were too many in the last second. */
  allowsCard(nowMs: number): boolean {
    return this.#cardReads.claim(nowMs);
  }

  /** Claims a report of pressed keys. */
  allowsKeys(nowMs: number): boolean {
    return this.#keyReports.claim(nowMs);
  }

  /** Claims a reply that nobody asked for. */
  allowsOwnReply(nowMs: number): boolean {
    return this.#ownReplies.claim(nowMs);
  }

  allowsAlarm(code: ReaderAlarmCode, nowMs: number): boolean {
    const last = this.#alarms.get(code);
    if (last !== undefined && nowMs - last.raisedMs < last.pauseMs) {
      this.#alarms.set(code, { ...last, seenMs: nowMs });
      return false;
    }
    const isNew = last === undefined || nowMs - last.seenMs >= ALARM_REPEAT_MAX_MS;
    const pauseMs = isNew ? ALARM_REPEAT_MIN_MS : Math.min(2 * last.pauseMs, ALARM_REPEAT_MAX_MS);
    this.#alarms.set(code, { raisedMs: nowMs, seenMs: nowMs, pauseMs });
    return true;
  }
}

/** So many in any second. */
class LastSecond {
  readonly #max: number;
  readonly #claimedMs: number[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  claim(nowMs: number): boolean {
    while ((this.#claimedMs[0] ?? nowMs) <= nowMs - SECOND_MS) this.#claimedMs.shift();
    if (this.#claimedMs.length >= this.#max) return false;
    this.#claimedMs.push(nowMs);
    return true;
  }
}
