import type { Frame } from '../wire/frame.ts';
import { isSameBytes } from '../wire/same-bytes.ts';
import type { SessionAlarm } from './alarms.ts';
import { pour } from './bucket.ts';
import {
  BUSY_FLOOD,
  CLEAR_NAKS_MAX,
  CLEAR_NAK_WINDOW_MS,
  CONFLICT_WINDOW_MS,
  MAC_BACKOFF_MS,
  MAC_FAILURES_MAX,
  MAC_FAILURE_WINDOW_MS,
  POLL_NAKS_MAX,
  POLL_NAKS_ONLINE_MAX,
} from './limits.ts';
import type { SessionState } from './state.ts';
import { type Transition, stay } from './transition.ts';

/** Raises an alarm once for as long as the reader stays off line, and once in a while for one that stays on line. */
export function raiseOnce(state: SessionState, code: SessionAlarm): Transition {
  if (state.raised.includes(code)) return stay(state);
  return stay({ ...state, raised: [...state.raised, code] }, { kind: 'alarm', code });
}

/** Two different replies to one command: two devices have this address, or somebody answers beside the reader. */
export function isSecondReply(state: SessionState, frame: Frame, nowMs: number): boolean {
  const first = state.lastReply;
  if (first === null || state.exchange.name !== 'idle' || nowMs - state.lastReplyMs > CONFLICT_WINDOW_MS) return false;
  const firstSequence = (first[4] ?? 0) & 0x03;
  return frame.sequence === firstSequence && !isLate(state, frame);
}

/** A reply that was taken before: the line delivered it twice, or late, after it had been asked for again. */
export function isLate({ lastReply, repeatedReplies }: SessionState, frame: Frame): boolean {
  const isTaken = (reply: Uint8Array): boolean => isSameBytes(reply, frame.bytes);
  return (lastReply !== null && isTaken(lastReply)) || repeatedReplies.some(isTaken);
}

/** Counts a frame with a wrong MAC. Too many of them in a time are somebody who tries: the reader rests, and its channel with it. */
export function countMacFailure(state: SessionState, nowMs: number): Transition {
  const { count, sinceMs } = state.macFailures;
  const isNewWindow = nowMs - sinceMs > MAC_FAILURE_WINDOW_MS;
  const macFailures = isNewWindow ? { count: 1, sinceMs: nowMs } : { count: count + 1, sinceMs };
  const counted: SessionState = { ...state, macFailures };
  if (macFailures.count < MAC_FAILURES_MAX) return stay(counted);
  const held: SessionState = { ...counted, heldUntilMs: nowMs + MAC_BACKOFF_MS };
  return macFailures.count === MAC_FAILURES_MAX ? stay(held, { kind: 'alarm', code: 'osdp.mac_failures' }) : stay(held);
}

/** Counts a channel that a NAK in clear has ended. A reader restarts now and then; one that seems to do it all the time is being interrupted. */
export function countClearNak(state: SessionState, nowMs: number): { readonly state: SessionState; readonly isTooMany: boolean } {
  const { count, sinceMs } = state.clearNaks;
  const clearNaks = nowMs - sinceMs > CLEAR_NAK_WINDOW_MS ? { count: 1, sinceMs: nowMs } : { count: count + 1, sinceMs };
  return { state: { ...state, clearNaks }, isTooMany: clearNaks.count === CLEAR_NAKS_MAX };
}

/** Counts an osdp_BUSY, whether or not it was an answer: beyond what a busy reader says it is a flood. */
export function countBusy(state: SessionState, nowMs: number): Transition {
  const { bucket, runsOver } = pour(state.busy, 1, nowMs, BUSY_FLOOD);
  const counted: SessionState = { ...state, busy: bucket };
  return runsOver ? stay(counted, { kind: 'excess', code: 'osdp.busy_flood' }) : stay(counted);
}

/** Counts a refused poll; any other answer to one ends the row. */
export function countPollNak(state: SessionState, isRefused: boolean): Transition {
  if (!isRefused) return stay(state.pollNaks === 0 ? state : { ...state, pollNaks: 0 });
  const counted: SessionState = { ...state, pollNaks: Math.min(state.pollNaks + 1, POLL_NAKS_ONLINE_MAX + 1) };
  return counted.pollNaks > POLL_NAKS_MAX ? stay(counted, { kind: 'excess', code: 'osdp.polls_refused' }) : stay(counted);
}
