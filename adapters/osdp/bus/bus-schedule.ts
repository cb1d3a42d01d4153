import { type SessionState, isUrgent, nextTurnMs } from '../session/state.ts';

/** What the schedule looks at in a reader of a line. */
export interface Schedulable {
  readonly state: SessionState;
  /** When it last had the line. */
  readonly lastTurnMs: number;
  /** It waits for something that is not the line. */
  readonly isBlocked: boolean;
}

/**
 * Who gets the line now. An unlock goes first, but never twice before the others had a turn; then it goes round: of those that are due, whoever
 * waited longest. A dead reader is due rarely and costs one short probe, so it cannot starve the rest.
 */
export function pickNext<Reader extends Schedulable>(
  readers: readonly Reader[],
  nowMs: number,
  lastPick: 'urgent' | 'ordinary',
): Reader | null {
  const due = readers.filter((reader) => !reader.isBlocked && nextTurnMs(reader.state) <= nowMs);
  const urgent = due.filter((reader) => isUrgent(reader.state));
  const ordinary = due.filter((reader) => !isUrgent(reader.state));
  if (urgent.length > 0 && (lastPick === 'ordinary' || ordinary.length === 0)) return longestWaiting(urgent);
  return longestWaiting(ordinary.length > 0 ? ordinary : urgent);
}

/** The time at which somebody will be due; Infinity when nobody ever is. */
export function nextDueMs(readers: readonly Schedulable[]): number {
  return Math.min(...readers.filter(({ isBlocked }) => !isBlocked).map(({ state }) => nextTurnMs(state)), Number.POSITIVE_INFINITY);
}

function longestWaiting<Reader extends Schedulable>(readers: readonly Reader[]): Reader | null {
  return readers.reduce<Reader | null>((best, reader) => (best === null || reader.lastTurnMs < best.lastTurnMs ? reader : best), null);
}
