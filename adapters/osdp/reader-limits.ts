import type { ReaderAlarmCode } from '#gateway/ports/readers.ts';

/** No hand shows cards faster; more is a machine that tries numbers. */
export const CARD_READS_PER_SECOND_MAX = 5;
/** No finger presses keys faster, also where the reader reports each by itself. */
export const KEY_REPORTS_PER_SECOND_MAX = 15;
/** The same alarm of the same reader is raised at most once in this time, however often its cause comes. */
export const ALARM_REPEAT_MIN_MS = 10_000;
const SECOND_MS = 1_000;

/** What one reader may cause in a time. Times are monotonic milliseconds. */
export class ReaderLimits {
  readonly #cardReadsMs: number[] = [];
  readonly #keyReportsMs: number[] = [];
  readonly #alarmsMs = new Map<ReaderAlarmCode, number>();

  /** Claims a card read: false when there were too many in the last second. */
  allowsCard(nowMs: number): boolean {
    while ((this.#cardReadsMs[0] ?? nowMs) <= nowMs - SECOND_MS) this.#cardReadsMs.shift();
    if (this.#cardReadsMs.length >= CARD_READS_PER_SECOND_MAX) return false;
    this.#cardReadsMs.push(nowMs);
    return true;
  }

  /** Claims a report of pressed keys. */
  allowsKeys(nowMs: number): boolean {
    while ((this.#keyReportsMs[0] ?? nowMs) <= nowMs - SECOND_MS) this.#keyReportsMs.shift();
    if (this.#keyReportsMs.length >= KEY_REPORTS_PER_SECOND_MAX) return false;
    this.#keyReportsMs.push(nowMs);
    return true;
  }

  allowsAlarm(code: ReaderAlarmCode, nowMs: number): boolean {
    const lastMs = this.#alarmsMs.get(code);
    if (lastMs !== undefined && nowMs - lastMs < ALARM_REPEAT_MIN_MS) return false;
    this.#alarmsMs.set(code, nowMs);
    return true;
  }
}
